/** The health engine, wired: the prober's results in, conditions, events and rows out, a round each second. */
import type { FarmLive } from "../core/metrics/live.ts";
import type { AgentEnv } from "../platform/agent-env.ts";
import type { ProbeResult } from "../wire/prober.ts";
import type { ApplySide } from "./apply-side.ts";
import { mayCheck, uncheckedText } from "./check-networks.ts";
import { type Checks, createChecks } from "./checks.ts";
import { createClockJump } from "./clock-jump.ts";
import type { ConditionBook } from "./conditions.ts";
import type { ConntrackDump } from "./conntrack.ts";
import type { Events } from "./events.ts";
import { createHealthNews } from "./health-news.ts";
import type { KernelSide } from "./kernel-side.ts";
import type { LiveInput } from "./live-rows.ts";
import { type LoopDeps, startLoop } from "./loops.ts";
import type { ProberLink } from "./prober-link.ts";
import { wishWords } from "./wish.ts";

export type HealthSide = {
  readonly checks: Checks;
  /** of a backend that its own agent-check wants out */
  readonly outOf: (farmId: string, backendId: string) => NonNullable<FarmLive["backends"][number]["out"]> | null;
  /** what of its weight a backend asks for by its own agent-check */
  readonly wishOf: LiveInput["wishOf"];
  /** results that measure the connect time: those of connect probes, and of checks that connect where the traffic goes */
  connects(results: readonly ProbeResult[]): ProbeResult[];
  stop(): void;
};

export type HealthSideDeps = {
  readonly env: Pick<AgentEnv, "checkNetworks">;
  readonly kernelSide: Pick<KernelSide, "conntrack">;
  readonly applySide: Pick<ApplySide, "applier" | "cutter">;
  readonly events: Events;
  readonly conditions: ConditionBook;
  readonly prober: () => ProberLink | null;
  /** these are not asked any more: what they measured is of no use */
  readonly onGone: (keys: readonly string[]) => void;
  readonly dump: () => { readonly dump: ConntrackDump | null };
  readonly loop: Pick<LoopDeps, "onError" | "monotonicMs">;
};

export function openHealthSide(deps: HealthSideDeps): HealthSide {
  const { applier, cutter } = deps.applySide;
  const { checkNetworks } = deps.env;
  const news = createHealthNews({
    events: deps.events,
    conntrack: deps.kernelSide.conntrack,
    cutter,
    state: applier.state,
    active: (markId) => deps.dump().dump?.active.get(markId) ?? null,
    now: () => Date.now(),
  });
  const checks = createChecks({
    conditions: deps.conditions,
    targets(add, remove) {
      if (remove.length > 0) deps.onGone(remove);
      deps.prober()?.change(add, remove);
    },
    ask: (keys) => deps.prober()?.now(keys),
    hasProber: () => deps.prober()?.pid() != null,
    forbidden: (address) =>
      mayCheck(checkNetworks, address) ? null : (uncheckedText(checkNetworks, [address]) ?? "it may not be checked"),
    news,
    now: () => Date.now(),
    jumpedMs: createClockJump(() => Date.now(), deps.loop.monotonicMs),
    after: (ms, task) => {
      const timer = setTimeout(task, ms);
      return () => clearTimeout(timer);
    },
  });
  const loop = startLoop({ ...deps.loop, name: "health", everyMs: () => 1000, round: async () => checks.tick() });
  return {
    checks,
    wishOf(farmId, backendId) {
      const wish = deps.conditions.said("wish", farmId, backendId);
      return wish?.factor === undefined ? null : { factor: wish.factor, text: wishWords(wish) };
    },
    outOf(farmId, backendId) {
      const wish = deps.conditions.said("wish", farmId, backendId);
      return wish?.out !== "window" ? null : { why: "window", untilMs: null, text: wishWords(wish) };
    },
    connects: (results) => results.filter((result) => checks.measures(result)),
    stop: () => loop.stop(),
  };
}
