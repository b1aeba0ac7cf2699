/**
 * The health engine: which backends the prober shall check, what their results say, and what follows. A result that takes a backend out
 * or brings it back is programmed at once; what only grows with time (slow start) goes with the second's round. Neither web nor database
 * is needed, and a prober that is gone makes states old and then unknown, but empties no farm.
 */
import { memberKey } from "../core/allocation/allocation.ts";
import { measureOf } from "../core/dynamic/costs.ts";
import type { Farm, Health } from "../core/farm/types.ts";
import { afterResult } from "../core/health/check-state.ts";
import { conditionOf } from "../core/health/condition.ts";
import { slowStartElapsedMs, slowStartFactor } from "../core/health/slow-start.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { BackendMonitor, CheckEntry } from "../wire/monitor.ts";
import type { ProbeResult, ProbeTarget } from "../wire/prober.ts";
import { entriesMaxOf } from "./check-log.ts";
import { believed, changesPace, checkTarget, entryOf, type Tracker, trackerOf } from "./check-tracker.ts";
import type { ConditionBook } from "./conditions.ts";
import {
  blindNews,
  decide,
  type FarmChecks,
  firstRoundMs,
  groupOf,
  growOld,
  moveAlong,
  panicText,
  quietUntil,
} from "./farm-checks.ts";
import type { HealthNews } from "./health-news.ts";
import type { State } from "./plan.ts";
import { isOf, markOf } from "./probe-keys.ts";
import { wishPart } from "./wish.ts";

export type ChecksDeps = {
  readonly conditions: Pick<ConditionBook, "of" | "set" | "said" | "settle" | "settleAtOnce">;
  readonly targets: (add: readonly ProbeTarget[], remove: readonly string[]) => void;
  /** these are asked at once */
  readonly ask: (keys: readonly string[]) => void;
  readonly hasProber: () => boolean;
  /** why an address is never asked, in words; null = it may be */
  readonly forbidden: (address: string) => string | null;
  readonly news: HealthNews;
  readonly now: () => number;
  /** by how much the clock was set since the last call */
  readonly jumpedMs: () => number;
  readonly after: (ms: number, task: () => void) => () => void;
};

export type Checks = {
  /** whom to check of these farms, after each change of theirs */
  follow(state: State, farmIds: Iterable<string>): void;
  /** results of any kind; those of other probes are passed over */
  take(results: readonly ProbeResult[]): void;
  /** a result that measures the connect time */
  measures(result: ProbeResult): boolean;
  /** each second */
  tick(): void;
  /** null = no check is set */
  of(farmId: string, backendId: string): Tracker | null;
  panic(farmId: string): string | null;
  /** asks once, out of turn */
  test(farmId: string, backendId: string): Promise<Result<CheckEntry>>;
  history(farmId: string, backendId: string): Pick<BackendMonitor, "checks" | "beats">;
};

const graceMs = 3000;
/** between two tests of one backend by hand: who presses fast does not press on the backend */
const testPauseMs = 1000;
const testedMax = 1000;

export function createChecks(deps: ChecksDeps): Checks {
  const farms = new Map<string, FarmChecks>();
  const byMark = new Map<number, Tracker>();
  const waiting = new Map<string, ((entry: CheckEntry) => void)[]>();
  /** of the newest test by hand, by target */
  const testedAt = new Map<string, number>();

  function followFarm(state: State, farmId: string): void {
    const before = farms.get(farmId);
    const farm = state.desired.farms.get(farmId)?.farm;
    const ids = state.allocation.farms.get(farmId)?.ids;
    const nowMs = deps.now();
    const trackers = new Map<string, Tracker>();
    for (const [at, backend] of farm?.backends.entries() ?? []) {
      const known = before?.trackers.get(backend.id);
      const markId = ids?.get(memberKey(backend)) ?? 0;
      const forbidden = deps.forbidden(backend.address);
      const restored = forbidden === null ? deps.conditions.said("checks", farmId, backend.id) : null;
      const entriesMax = entriesMaxOf(byMark.size);
      const tracked = { farm: farm ?? fault(), at, markId, group: groupOf(backend), nowMs, forbidden, entriesMax };
      const tracker = farm?.enabled ? trackerOf(tracked, known, restored ?? {}) : null;
      // another address or port is another backend: nothing is known of it. Without a check nothing of a former life counts
      if (tracker === null || (known !== undefined && known.markId !== markId))
        silence({ farmId, backendId: backend.id, name: backend.name }, tracker !== null);
      if (tracker === null) continue;
      trackers.set(backend.id, tracker);
      if (tracker.check.type !== "agent") deps.conditions.set("wish", farmId, backend.id, null);
      if (known === undefined && farm !== undefined) resumeSlowStart(farm, tracker, nowMs);
    }
    retarget(before, trackers);
    const firstRoundUntil = before?.firstRoundUntil ?? nowMs + firstRoundMs(trackers.values());
    if (farm === undefined || trackers.size === 0) farms.delete(farmId);
    else
      farms.set(farmId, {
        farm,
        trackers,
        firstRoundUntil,
        isFree: (backendId) => isFree(deps.conditions, farmId, backendId),
        isFirstRoundOver: before?.isFirstRoundOver ?? false,
        panics: before?.panics ?? new Set(),
        isBlind: before?.isBlind ?? false,
        quietUntilMs: nowMs,
      });
    conclude(farmId, before);
  }

  function retarget(before: FarmChecks | undefined, trackers: ReadonlyMap<string, Tracker>): void {
    const gone = new Set<string>();
    for (const tracker of before?.trackers.values() ?? []) {
      gone.add(checkTarget(tracker).key);
      byMark.delete(tracker.markId);
    }
    const add: ProbeTarget[] = [];
    for (const tracker of trackers.values()) {
      changesPace(tracker);
      byMark.set(tracker.markId, tracker);
      if (tracker.forbidden !== null) continue;
      const target = checkTarget(tracker);
      gone.delete(target.key);
      add.push(target);
    }
    if (add.length + gone.size > 0) deps.targets(add, [...gone]);
  }

  /** No check any more, or another backend: nothing that it said counts. Who was told of its being down hears that this is over. */
  function silence(of: Pick<Tracker, "farmId" | "backendId" | "name">, isMoved: boolean): void {
    const { farmId, backendId } = of;
    if (deps.conditions.said("checks", farmId, backendId)?.health === "down") deps.news.forgotten(of, isMoved);
    for (const source of ["checks", "wish", "slow-start"] as const)
      deps.conditions.set(source, farmId, backendId, null);
  }

  function takeOne(result: ProbeResult): FarmChecks | null {
    const tracker = byMark.get(markOf(result.key));
    const checks = tracker === undefined ? undefined : farms.get(tracker.farmId);
    if (tracker === undefined || checks === undefined) return null;
    const [before, isFirst] = [tracker.state.health, tracker.last === null];
    const at = Math.min(result.at, deps.now());
    tracker.last = { ...result, at };
    const isGood = result.error === null;
    // a check that cannot be made says nothing of the backend
    if (result.error !== "cannot-check")
      tracker.state = afterResult(tracker.state, { at, isGood, isDegraded: result.degraded }, tracker.rules);
    const entry = entryOf(tracker.last);
    tracker.log.add(entry, believed(tracker));
    if (tracker.check.type === "agent") takeWish(checks.farm, tracker, result);
    for (const answer of waiting.get(result.key) ?? []) answer(entry);
    waiting.delete(result.key);
    if (changesPace(tracker)) deps.targets([checkTarget(tracker)], []);
    return tracker.state.health === before && checks.isFirstRoundOver && !isFirst ? null : checks;
  }

  function takeWish(farm: Farm, { farmId, backendId }: Tracker, result: ProbeResult): void {
    const before = deps.conditions.said("wish", farmId, backendId);
    deps.conditions.set("wish", farmId, backendId, wishPart(result, before, measureOf(farm) === "wanted"));
  }

  /** From what the checks say to what is believed, to the rules. */
  function conclude(farmId: string, was: FarmChecks | undefined = farms.get(farmId)): "urgent" | "own" | null {
    const checks = farms.get(farmId);
    if (checks === undefined) {
      if (was !== undefined && was.panics.size > 0) deps.news.unchecked(farmId);
      return null;
    }
    const nowMs = deps.now();
    const panicked = checks.panics.size > 0;
    decide(checks, nowMs);
    if (panicked || checks.panics.size > 0) deps.news.panic(farmId, panicText(checks));
    let found: "urgent" | "own" | null = null;
    for (const tracker of checks.trackers.values()) {
      const moved = publish(checks, tracker, nowMs);
      if (moved !== null && found !== "urgent") found = moved;
    }
    const blind = blindNews(checks);
    if (blind !== undefined) deps.news.blind(farmId, blind);
    checks.quietUntilMs = nowMs;
    return found;
  }

  function publish({ farm }: FarmChecks, tracker: Tracker, nowMs: number): "urgent" | "own" | null {
    const { farmId, backendId } = tracker;
    const said = deps.conditions.said("checks", farmId, backendId);
    const before: Health = said?.health ?? "unknown";
    const health = believed(tracker);
    if (health === before) return null;
    deps.conditions.set("checks", farmId, backendId, health === "unknown" ? null : { health, since: nowMs });
    if (before === "down") startSlowly(farm, tracker, nowMs);
    if (health === "down") endSlowStart(tracker);
    deps.news.changed(tracker, { health: before, since: said?.since ?? null }, health);
    return health === "down" || before === "down" ? "urgent" : "own";
  }

  function startSlowly(farm: FarmChecks["farm"], tracker: Tracker, nowMs: number): void {
    tracker.cameUpAt = nowMs;
    grow(farm, tracker, nowMs);
  }

  /** of a former life of the agent: it goes on from where it was */
  function resumeSlowStart({ failover: { slowStartS } }: FarmChecks["farm"], tracker: Tracker, nowMs: number): void {
    const factor = deps.conditions.said("slow-start", tracker.farmId, tracker.backendId)?.factor;
    if (factor !== undefined) tracker.cameUpAt = nowMs - slowStartElapsedMs(slowStartS, factor);
  }

  function endSlowStart(tracker: Tracker): void {
    tracker.cameUpAt = null;
    deps.conditions.set("slow-start", tracker.farmId, tracker.backendId, null);
  }

  function grow(farm: FarmChecks["farm"], tracker: Tracker, nowMs: number): void {
    if (tracker.cameUpAt === null) return;
    const factor = slowStartFactor(farm, tracker.cameUpAt, nowMs);
    if (factor === 1) endSlowStart(tracker);
    else deps.conditions.set("slow-start", tracker.farmId, tracker.backendId, { factor });
  }

  return {
    follow(state, farmIds) {
      for (const farmId of farmIds) followFarm(state, farmId);
      void deps.conditions.settle();
    },
    take(results) {
      const touched = new Set<FarmChecks>();
      for (const result of results) {
        const checks = isOf(result.key, "check") ? takeOne(result) : null;
        if (checks !== null) touched.add(checks);
      }
      const urgent = new Set<string>();
      for (const { farm } of touched) if (conclude(farm.id) === "urgent") urgent.add(farm.id);
      if (urgent.size > 0) deps.news.settled(deps.conditions.settleAtOnce(urgent), urgent);
    },
    tick() {
      const nowMs = deps.now();
      const byMs = deps.jumpedMs();
      for (const checks of farms.values()) {
        if (byMs !== 0) moveAlong(checks, byMs, nowMs);
        if (nowMs < checks.quietUntilMs) continue;
        for (const tracker of checks.trackers.values()) grow(checks.farm, tracker, nowMs);
        const isOld = growOld(checks, nowMs);
        if (isOld || checks.panics.size > 0 || !checks.isFirstRoundOver) conclude(checks.farm.id);
        checks.quietUntilMs = quietUntil(checks, nowMs);
      }
      deps.news.settled(deps.conditions.settle());
    },
    measures({ key, error }) {
      if (isOf(key, "connect")) return true;
      return isOf(key, "check") && error !== "cannot-check" && byMark.get(markOf(key))?.measuresConnect === true;
    },
    of: (farmId, backendId) => farms.get(farmId)?.trackers.get(backendId) ?? null,
    panic: (farmId) => {
      const checks = farms.get(farmId);
      return checks === undefined ? null : panicText(checks);
    },
    async test(farmId, backendId) {
      const tracker = farms.get(farmId)?.trackers.get(backendId);
      if (tracker === undefined) return fail("conflict", "This backend has no health check.");
      if (tracker.forbidden !== null) return fail("conflict", `${tracker.forbidden}.`);
      if (!deps.hasProber()) return fail("agent-down", "The prober is not connected: nobody can ask now.");
      const { key, timeoutMs } = checkTarget(tracker);
      if (Math.abs(deps.now() - (testedAt.get(key) ?? 0)) < testPauseMs)
        return fail("busy", "It was tested a moment ago: try again in a second.", { retry: true });
      if (testedAt.size >= testedMax) testedAt.clear();
      testedAt.set(key, deps.now());
      return new Promise((resolve) => {
        const cancel = deps.after(timeoutMs + graceMs, () => {
          waiting.delete(key);
          resolve(fail("outcome-unknown", "The prober did not answer in time."));
        });
        const answer = (entry: CheckEntry) => {
          cancel();
          resolve(ok(entry));
        };
        waiting.set(key, [...(waiting.get(key) ?? []), answer]);
        deps.ask([key]);
      });
    },
    history(farmId, backendId) {
      const log = farms.get(farmId)?.trackers.get(backendId)?.log;
      return { checks: log?.entries() ?? [], beats: log?.beats() ?? [] };
    },
  };
}

function isFree(conditions: ChecksDeps["conditions"], farmId: string, backendId: string): boolean {
  const { out, factor } = conditionOf(conditions.of(farmId), backendId);
  return out === null && factor > 0;
}

function fault(): never {
  throw new Error("a farm without backends to follow");
}
