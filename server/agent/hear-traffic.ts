/** What real connections say, wired: the kernel's events, the latency in them, and who is taken out because of them. */
import { release } from "node:os";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Ejection } from "../core/health/outlier.ts";
import type { BackendLive } from "../core/metrics/live.ts";
import type { AgentEnv } from "../platform/agent-env.ts";
import { createClockJump } from "./clock-jump.ts";
import type { ConditionBook } from "./conditions.ts";
import { openEventSocket } from "./event-socket.ts";
import type { Events } from "./events.ts";
import { readConnectionStamping } from "./host-facts.ts";
import type { KernelSide } from "./kernel-side.ts";
import { type LoopDeps, startLoop } from "./loops.ts";
import { createOutliers } from "./outliers.ts";
import type { State } from "./plan.ts";
import type { Feature } from "./status.ts";
import { applySysctls } from "./sysctls.ts";
import { createTrafficEvents } from "./traffic-events.ts";
import { createTrafficLatency, type OnAnswered, type TrafficLatency } from "./traffic-latency.ts";

export type HeardTraffic = {
  readonly latency: TrafficLatency;
  readonly drain: TrafficLatency["drain"];
  /** who is out, as its row tells it */
  readonly outOf: (farmId: string, backendId: string) => NonNullable<BackendLive["out"]> | null;
  isHeard(): boolean;
  features(): Feature[];
  stop(): void;
};

type Deps = {
  readonly env: Pick<AgentEnv, "isLab">;
  readonly tag: number;
  readonly kernelSide: Pick<KernelSide, "netlink" | "conntrack">;
  readonly state: () => State;
  readonly conditions: ConditionBook;
  readonly events: Events;
  readonly onAnswered: OnAnswered;
  readonly loop: Pick<LoopDeps, "onError" | "monotonicMs">;
};

const eventsEveryMs = 20;
const judgeEveryMs = 1000;
/** nobody asked for it, and nobody misses what it was */
const silent = { add: () => undefined };
const stampsOn = { "net.netfilter.nf_conntrack_timestamp": 1 };

export function hearTraffic(deps: Deps): HeardTraffic {
  const now = () => Date.now();
  const latency = createTrafficLatency(now, deps.onAnswered);
  const { state, conditions, events } = deps;
  const { conntrack } = deps.kernelSide;
  const outliers = createOutliers({
    state,
    conditions,
    events,
    takeOpens: latency.takeOpens,
    conntrack,
    now,
    jumpedMs: createClockJump(now, deps.loop.monotonicMs),
    pause: () => nextTurn(),
  });
  const heard = createTrafficEvents({
    open: openEventSocket,
    latency,
    tag: deps.tag,
    readStamping: stamping(deps),
    hasOutliers: outliers.isAsked,
    hasKoffi: deps.kernelSide.netlink !== null,
    kernel: release(),
    now,
    monotonicMs: deps.loop.monotonicMs,
  });
  const hearing = startLoop({
    ...deps.loop,
    name: "connection-events",
    everyMs: () => eventsEveryMs,
    round: async () => heard.round(),
  });
  const judging = startLoop({
    ...deps.loop,
    name: "outliers",
    everyMs: () => judgeEveryMs,
    round: () => outliers.round(),
  });
  return {
    latency,
    drain: latency.drain,
    outOf: (farmId, backendId) => told(outliers.ejectionOf(farmId, backendId)),
    isHeard: heard.isHeard,
    features: () => [heard.feature(), ...unheard(outliers.isAsked() && !heard.isHeard())],
    stop() {
      hearing.stop();
      judging.stop();
      heard.stop();
    },
  };
}

function told(ejection: Ejection | null): NonNullable<BackendLive["out"]> | null {
  return ejection === null ? null : { why: "ejected", untilMs: ejection.untilMs, text: ejection.text };
}

/** A lab's namespace is ours: there the kernel is told to note times. */
function stamping({ env }: Deps): () => number | null {
  let isTried = !env.isLab;
  return () => {
    const value = readConnectionStamping();
    if (value !== 0 || isTried) return value;
    isTried = true;
    applySysctls(stampsOn, silent);
    return readConnectionStamping();
  };
}

function unheard(isTrouble: boolean): Feature[] {
  const text = "no events of connections are heard: real traffic takes nobody out";
  return isTrouble ? [{ name: "ejection by real traffic", ok: false, text }] : [];
}
