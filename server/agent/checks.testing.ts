/** A health engine over a fake prober and clock: what is set comes out as effective weights, events and targets. */
import { memberKey } from "../core/allocation/allocation.ts";
import type { Operation } from "../core/change/operation.ts";
import { testFarm } from "../core/farm/farm-fixture.ts";
import type { Farm } from "../core/farm/types.ts";
import type { LiveEvent } from "../core/metrics/live.ts";
import type { ProbeError, ProbeResult, ProbeTarget } from "../wire/prober.ts";
import type { Applier } from "./applier.ts";
import { createChecks } from "./checks.ts";
import { createConditions } from "./conditions.ts";
import { effectiveOf } from "./effective-memo.ts";
import { createHealthNews } from "./health-news.ts";
import { planChange, type State } from "./plan.ts";
import { probeKey } from "./probe-keys.ts";
import type { ConditionsRecord } from "./records.ts";
import { emptyState } from "./replay.ts";

const actor = { id: "a", name: "A" };

export function checkedFarm(backends: number, more: Readonly<Record<string, unknown>> = {}, number = 1): Farm {
  return testFarm(
    number,
    Array.from({ length: backends }, (_, at) => ({ address: `10.1.${number}.${at + 1}` })),
    { addresses: [`10.9.0.${number}`], healthCheck: { type: "tcp", intervalMs: 1000, timeoutMs: 500 }, ...more },
  );
}

export function checksWorld(farms: readonly Farm[], restored: ConditionsRecord["farms"] = {}) {
  const clock = { ms: 1_000_000 };
  let state: State = emptyState(0x51);
  const conditions = createConditions((error) => {
    throw error;
  });
  conditions.restore(restored);
  const turns: string[] = [];
  const own: Applier["own"] = async (step, priority = "own") => {
    const wanted = step(state);
    if (wanted === null) return false;
    if (wanted.state.ruleset !== state.ruleset) turns.push(priority);
    state = wanted.state;
    return true;
  };
  conditions.use(own);
  const events: Pick<LiveEvent, "kind" | "text">[] = [];
  const targets = new Map<string, ProbeTarget>();
  const asked: string[] = [];
  const cuts: string[] = [];
  const freed: number[] = [];
  const timers: (() => void)[] = [];
  const open = { count: 0 };
  const jumps: number[] = [];
  let hasProber = true;
  const news = createHealthNews({
    events: { add: ({ kind, text }) => void events.push({ kind, text }) },
    conntrack: {
      deleteFlows: async () => 3,
      deleteUnserved: async (markId) => {
        freed.push(markId);
        return 1;
      },
    },
    cutter: { cut: async ({ name }) => void cuts.push(name) },
    state: () => state,
    active: () => open.count,
    now: () => clock.ms,
  });
  const checks = createChecks({
    conditions,
    targets(add, remove) {
      for (const key of remove) targets.delete(key);
      for (const target of add) targets.set(target.key, target);
    },
    ask: (keys) => void asked.push(...keys),
    hasProber: () => hasProber,
    forbidden: (address) => (address.startsWith("127.") ? "loopback is never checked" : null),
    news,
    now: () => clock.ms,
    jumpedMs: () => jumps.pop() ?? 0,
    after: (_ms, task) => {
      timers.push(task);
      return () => undefined;
    },
  });

  function change(operation: Operation, farmId: string): void {
    const next = { epoch: 1, n: state.desired.n + 1, actor, at: clock.ms };
    const plan = planChange(state, [operation], next, conditions);
    if (!plan.ok) throw new Error(JSON.stringify(plan.error));
    state = plan.value.state;
    checks.follow(state, [farmId]);
  }
  const versionOf = (farm: Farm) => state.desired.farms.get(farm.id)?.version ?? null;
  const put = (farm: Farm) => change({ type: "put-farm", base: versionOf(farm), farm }, farm.id);
  for (const farm of farms) put(farm);

  function keyOf(farm: Farm, at: number): string {
    const backend = farm.backends[at];
    const ids = state.allocation.farms.get(farm.id)?.ids;
    return probeKey(backend === undefined ? 0 : (ids?.get(memberKey(backend)) ?? 0), "check");
  }

  function result(farm: Farm, at: number, error: ProbeError | null, more: Partial<ProbeResult> = {}): ProbeResult {
    const isGood = error === null;
    const times = { connectUs: isGood ? 400 : null, tookUs: isGood ? 900 : null };
    return { key: keyOf(farm, at), at: clock.ms, ...times, error, text: "", degraded: false, ...more };
  }

  return {
    checks,
    conditions,
    clock,
    events,
    targets,
    asked,
    cuts,
    freed,
    open,
    turns,
    timers,
    put,
    remove: (farm: Farm) => change({ type: "remove-farm", base: versionOf(farm) ?? 0, farmId: farm.id }, farm.id),
    result,
    keyOf,
    state: () => state,
    jump: (byMs: number) => {
      clock.ms += byMs;
      jumps.push(byMs);
    },
    loseProber: () => {
      hasProber = false;
    },
    /** seconds pass: in each every backend answers as `letters` says ("g", "b", "d", "-" = no result), then the round is made */
    async pass(farm: Farm, letters: string, seconds = 1) {
      for (let second = 0; second < seconds; second++) {
        clock.ms += 1000;
        const results = [...letters].flatMap((letter, at) =>
          letter === "-" ? [] : [result(farm, at, letter === "b" ? "timeout" : null, { degraded: letter === "d" })],
        );
        checks.take(results);
        checks.tick();
        await settled();
      }
    },
    weights: (farm: Farm) => effectiveOf(farm, conditions).backends.map(({ weight }) => Math.round(weight * 10) / 10),
    health: (farm: Farm) => farm.backends.map(({ id }) => conditions.of(farm.id).get(id)?.health ?? "unknown"),
    texts: () => events.map(({ kind, text }) => `${kind}: ${text}`),
  };
}

/** What was begun has gone through its promises. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
