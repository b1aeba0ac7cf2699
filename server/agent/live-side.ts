/** The parts that measure, wired: counters, conntrack, probes, rows, history, and the loops that turn them. */
import { release } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { sameValue } from "../core/metrics/same-value.ts";
import { tableName } from "../core/ruleset/model.ts";
import type { AgentEnv } from "../platform/agent-env.ts";
import type { StreamLine } from "../wire/stream.ts";
import type { ApplySide } from "./apply-side.ts";
import { mayCheck, uncheckedText } from "./check-networks.ts";
import type { ConditionBook } from "./conditions.ts";
import { createConnectTotals } from "./connect-totals.ts";
import { type ConntrackDump, dumpPeriodMs } from "./conntrack.ts";
import { createConntrackFill } from "./conntrack-fill.ts";
import { createCounters } from "./counters.ts";
import type { Events } from "./events.ts";
import { readForeignRules } from "./foreign-rules.ts";
import { type HealthSide, openHealthSide } from "./health-side.ts";
import { type HeardTraffic, hearTraffic } from "./hear-traffic.ts";
import { readHostFacts, readInterfaces } from "./host-facts.ts";
import type { AgentLog, KernelSide } from "./kernel-side.ts";
import { createLatency } from "./latency.ts";
import { createLive, type Live } from "./live.ts";
import { startLoop } from "./loops.ts";
import { createMinuteStore, type MinuteStore } from "./minute-store.ts";
import { createMonitor, type Monitor } from "./monitor.ts";
import type { OutOfService } from "./out-of-service.ts";
import { createPreflight, type Preflight } from "./preflight-side.ts";
import { markOf } from "./probe-keys.ts";
import type { ProberLink } from "./prober-link.ts";
import { openProber } from "./prober-side.ts";
import { createSeriesStore, type SeriesStore } from "./series.ts";
import { createStickyFill, type StickyFill } from "./sticky-fill.ts";
import { createTotals } from "./totals.ts";
import { unknownFacts } from "./vips.ts";
import { openWeighSide } from "./weigh-side.ts";

export type LiveSide = {
  readonly live: Live;
  readonly series: SeriesStore;
  readonly minutes: MinuteStore;
  readonly monitor: Monitor;
  readonly proberPid: () => number | null;
  readonly isProberSilent: () => boolean;
  readonly conntrackMax: () => number | null;
  readonly conntrackText: () => string | null;
  readonly preflight: Preflight;
  readonly health: Pick<HealthSide, "checks">;
  readonly traffic: Pick<HeardTraffic, "latency" | "features">;
  /** open connections are read now, not at the next time: many of them just ended */
  readConnections(): void;
  stop(): void;
};

const fillEveryMs = 30_000;

type Deps = {
  readonly env: AgentEnv;
  readonly tag: number;
  readonly kernelSide: KernelSide;
  readonly applySide: ApplySide;
  readonly events: Events;
  readonly conditions: ConditionBook;
  readonly outOfService: OutOfService;
  readonly send: (line: StreamLine) => void;
  readonly log: AgentLog;
};

export async function openLiveSide(deps: Deps): Promise<LiveSide> {
  const { env, kernelSide, applySide, events } = deps;
  // one budget: a quarter is for the minutes that web takes over
  const series = createSeriesStore(env.seriesBytes * 0.75);
  const minutes = createMinuteStore(env.seriesBytes * 0.25);
  const latency = createLatency(() => Date.now());
  const probed = createConnectTotals();
  const measured = measure(deps);
  const weighed = openWeighSide({ ...deps, dump: measured.dump, loop: loopBase(deps) });
  const forget = (keys: readonly string[]) => {
    latency.forget(keys.map(markOf));
    probed.forget(keys.map(markOf));
    weighed.recent.forget(keys);
  };
  let link: ProberLink | null = null;
  const health = openHealthSide({
    ...deps,
    dump: measured.dump,
    prober: () => link,
    onGone: forget,
    loop: loopBase(deps),
  });
  const prober = await openProber({ ...deps, loop: loopBase(deps) }, (results) => {
    // first what takes somebody out
    health.checks.take(results);
    const connects = health.connects(results);
    latency.take(connects);
    probed.take(connects);
    weighed.recent.take(results, connects);
  });
  link = prober.link;
  health.checks.follow(applySide.applier.state(), applySide.applier.state().desired.farms.keys());
  const { answered } = weighed.recent;
  const heard = hearTraffic({ ...deps, state: applySide.applier.state, onAnswered: answered, loop: loopBase(deps) });
  const fill = measureFill(deps);
  const counters = createCounters({
    listing: kernelSide.listing,
    now: () => Date.now(),
    host: () => deps.conditions.host,
  });
  const live = createLive({
    state: applySide.applier.state,
    readCounters: (state) => counters.read(state),
    dump: measured.dump,
    latency,
    traffic: heard.latency,
    outOf: (farmId, backendId) => heard.outOf(farmId, backendId) ?? health.outOf(farmId, backendId),
    weightOf: weighed.of,
    wishOf: health.wishOf,
    proberGoneMs: prober.goneMs,
    facts: measured.facts,
    fill: fill.sticky,
    outOfService: deps.outOfService.of,
    series,
    minutes,
    totals: createTotals(probed, heard),
    conditions: deps.conditions,
    checks: health.checks,
    send: deps.send,
    onReset: () =>
      events.add({ kind: "reset", text: "Counters of the kernel began anew; one second of rates is missing" }),
    onTargets: (add, remove) => {
      forget(remove);
      prober.link.change(
        add.filter(({ address }) => mayCheck(env.checkNetworks, address)),
        remove,
      );
    },
    probeIntervalMs: env.probeIntervalMs,
    now: () => Date.now(),
    pause: applySide.pause,
    sleep: (ms) => sleep(ms),
    monotonicMs: () => performance.now(),
  });
  deps.outOfService.follow(() => measured.dump().dump);
  const ticking = startLoop({ ...loopBase(deps), name: "live", everyMs: () => 1000, round: () => live.tick() });
  return {
    live,
    series,
    minutes,
    monitor: createMonitor({
      state: applySide.applier.state,
      checks: health.checks,
      latency,
      traffic: heard.latency,
      weights: (farmId, backendId) => [...weighed.points(farmId, backendId)],
      now: () => Date.now(),
    }),
    proberPid: () => prober.link.pid(),
    isProberSilent: prober.isSilent,
    conntrackMax: () => measured.facts().facts.conntrackMax,
    conntrackText: measured.problem,
    preflight: measured.preflight,
    traffic: heard,
    health,
    readConnections: measured.readConnections,
    stop() {
      ticking.stop();
      fill.stop();
      measured.stop();
      heard.stop();
      weighed.stop();
      health.stop();
      prober.stop();
      prober.link.close();
    },
  };
}

function loopBase({ log }: Deps) {
  return {
    onError: (name: string, error: unknown) => log("error", "loop-failed", { name, error: String(error) }),
    monotonicMs: () => performance.now(),
  };
}

/** Without the kernel's own count a map is listed, and then so rarely that it takes a hundredth of the time. */
function measureFill(deps: Deps): { readonly sticky: StickyFill; stop(): void } {
  const { netlink, listing } = deps.kernelSide;
  let tookMs = 0;
  const sticky = createStickyFill({
    state: deps.applySide.applier.state,
    count: async (map) => netlink?.setCount(tableName, map) ?? listing.entries(map),
    events: deps.events,
  });
  const loop = startLoop({
    ...loopBase(deps),
    name: "sticky-fill",
    everyMs: () => Math.max(fillEveryMs, tookMs * 100),
    round: async () => {
      const startedMs = performance.now();
      await sticky.round();
      tookMs = performance.now() - startedMs;
    },
  });
  return { sticky, stop: () => loop.stop() };
}

/** Connection tracking at its own pace, and what the host says about itself. */
function measure(deps: Deps) {
  const { kernelSide, applySide, events } = deps;
  let dump: ConntrackDump | null = null;
  let periodMs = 1000;
  let failures = 0;
  let facts = unknownFacts;
  let interfaces = readInterfaces();
  const fill = createConntrackFill(events);
  const preflight = createPreflight({
    read: () => readForeignRules(kernelSide.run),
    hears: kernelSide.netlink !== null,
    facts: () => facts,
    farms: () => applySide.applier.state().desired.farms,
    events,
    versions: { kernel: release(), nft: kernelSide.nftVersion },
    now: () => performance.now(),
  });
  const conntrack = startLoop({
    ...loopBase(deps),
    name: "conntrack",
    everyMs: () => periodMs,
    round: async () => {
      const next = await kernelSide.conntrack.dump();
      failures = next === null ? failures + 1 : 0;
      if (failures === 3)
        events.add({ kind: "agent", text: "Connection tracking cannot be read; active connections are not known" });
      if (next === null && failures < 3) return;
      dump = next;
      periodMs = next === null ? 5000 : dumpPeriodMs(next.durationMs);
      if (next !== null) applySide.housekeeping.carried(applySide.applier.state(), next.carried, next.atMs);
    },
  });
  /** what concerns one farm: the rules of others, and where our probes may not go */
  function troubleOf(farmId: string): readonly string[] {
    const found = preflight.foreignTrouble(farmId);
    if (deps.env.checkNetworks === null) return found;
    const farm = applySide.applier.state().desired.farms.get(farmId)?.farm;
    const text = uncheckedText(deps.env.checkNetworks, farm?.backends.map(({ address }) => address) ?? []);
    return text === null ? found : [...found, text];
  }
  const host = startLoop({
    ...loopBase(deps),
    name: "host-facts",
    everyMs: () => 1000,
    round: async () => {
      facts = await readHostFacts();
      const seen = readInterfaces();
      // the same object while it says the same: what follows from it is not made anew for every farm
      if (!sameValue(interfaces, seen)) interfaces = seen;
      fill(facts);
      await preflight.tick();
    },
  });
  const drift = startLoop({
    ...loopBase(deps),
    name: "drift",
    everyMs: () => (kernelSide.netlink === null ? 100 : 10),
    round: () => applySide.drift.tick(),
  });
  return {
    dump: () => ({ dump, periodMs }),
    facts: () => ({ facts, interfaces, foreignTrouble: troubleOf }),
    preflight,
    readConnections: () => conntrack.hurry(),
    problem: () => (failures >= 3 ? "conntrack cannot be run or may not read" : null),
    stop() {
      conntrack.stop();
      host.stop();
      drift.stop();
    },
  };
}
