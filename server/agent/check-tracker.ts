/** One backend that is checked, as the agent follows it: what is asked, what the results say so far, and what became of it. */
import { checkOf, checkPort, type HealthCheck } from "../core/farm/health-check.ts";
import type { Farm, Health } from "../core/farm/types.ts";
import {
  badOfRecent,
  type CheckRules,
  type CheckState,
  comesBackAt,
  initialState,
  isChanging,
  isFlapping,
  staleAfterMs,
} from "../core/health/check-state.ts";
import { durationWords } from "../core/health/duration.ts";
import type { CheckLive } from "../core/metrics/live.ts";
import type { CheckEntry } from "../wire/monitor.ts";
import type { ProbeResult, ProbeTarget } from "../wire/prober.ts";
import { type CheckLog, createCheckLog } from "./check-log.ts";
import { probeKey } from "./probe-keys.ts";
import { connectsByCheck } from "./probe-ports.ts";
import { errorTexts } from "./probe-words.ts";

export type Tracker = {
  readonly farmId: string;
  readonly backendId: string;
  readonly markId: number;
  readonly address: string;
  readonly port: number | null;
  readonly check: HealthCheck;
  readonly rules: CheckRules;
  /** backends that share the load: of one family and tier */
  readonly group: string;
  readonly name: string;
  readonly log: CheckLog;
  /** it connects where the farm's traffic goes: the connect time is measured by it */
  readonly measuresConnect: boolean;
  state: CheckState;
  last: ProbeResult | null;
  /** since this agent asks it: a first result is not there before */
  askedFrom: number;
  /** what the checks say is believed: it takes nothing */
  isOut: boolean;
  /** when it began to grow its share; null = it has it */
  cameUpAt: number | null;
  isFast: boolean;
  /** why nobody asks it; null = it is asked */
  readonly forbidden: string | null;
};

export type Tracked = {
  readonly farm: Farm;
  readonly at: number;
  readonly markId: number;
  readonly group: string;
  readonly nowMs: number;
  readonly forbidden: string | null;
  /** checks that its log keeps */
  readonly entriesMax: number;
};

/** What a former life of the agent knew. */
type Restored = { readonly health?: Health | undefined; readonly since?: number | undefined };

/** null = no check is set, or there is nothing to ask. `before`: the same backend as it was followed until now. */
export function trackerOf(tracked: Tracked, before: Tracker | undefined, restored: Restored): Tracker | null {
  const { farm, at, markId, group, nowMs, forbidden } = tracked;
  const backend = farm.backends[at];
  const check = checkOf(farm, at);
  if (backend === undefined || check === null || markId === 0) return null;
  const isSame = before?.markId === markId;
  const fresh = before === undefined ? initialState(restored.health, restored.since ?? null) : initialState();
  return {
    farmId: farm.id,
    backendId: backend.id,
    markId,
    address: backend.address,
    port: checkPort(farm, at),
    check,
    rules: { ...check, flapChanges: farm.failover.flapChanges },
    group,
    name: backend.name,
    measuresConnect: connectsByCheck(farm, at),
    log: isSame ? before.log : createCheckLog(tracked.entriesMax),
    state: isSame ? before.state : fresh,
    last: isSame ? before.last : null,
    askedFrom: isSame ? before.askedFrom : nowMs,
    isOut: isSame ? before.isOut : fresh.health === "down",
    cameUpAt: isSame ? before.cameUpAt : null,
    isFast: false,
    forbidden,
  };
}

export function checkTarget({ markId, address, port, check, isFast }: Tracker): ProbeTarget {
  return {
    key: probeKey(markId, "check"),
    address,
    port,
    intervalMs: isFast ? (check.fastIntervalMs ?? check.intervalMs) : check.intervalMs,
    timeoutMs: check.timeoutMs,
    probe: { what: "check", check },
  };
}

/** Asked in another rhythm than before? Then the new target must be told. */
export function changesPace(tracker: Tracker): boolean {
  const isFast = tracker.check.fastIntervalMs !== null && isChanging(tracker.state, tracker.rules);
  if (isFast === tracker.isFast) return false;
  tracker.isFast = isFast;
  return true;
}

/** What people and weights go by: a failure that is not believed counts as degraded. */
export function believed({ state, isOut }: Tracker): Health {
  return state.health === "down" && !isOut ? "degraded" : state.health;
}

export function checkLive({ check, state, rules, last }: Tracker): CheckLive {
  const serves = state.health === "up" || state.health === "degraded";
  const countsBad = serves ? state.badInRow > 0 : state.goodInRow === 0;
  return {
    type: check.type,
    at: last?.at ?? null,
    ok: last === null || last.error === "cannot-check" ? null : last.error === null,
    ...(last?.degraded === true ? { isDegraded: true } : {}),
    ...(last !== null && isForgotten(state) ? { isOld: true } : {}),
    tookMs: last?.tookUs == null ? null : last.tookUs / 1000,
    text: resultWords(last),
    inRow: countsBad ? state.badInRow : state.goodInRow,
    needed: countsBad ? rules.fall : rules.rise,
    certificateDays: last?.certificateDays ?? null,
  };
}

/** No result counts any more: nobody asked for a while, or nobody ever could. */
export function isForgotten({ goodInRow, badInRow }: CheckState): boolean {
  return goodInRow + badInRow === 0;
}

/** Nobody says now how it is: it was not asked for too long, or it cannot be. */
export function isStale(
  { state, askedFrom, rules }: Pick<Tracker, "state" | "askedFrom" | "rules">,
  nowMs: number,
): boolean {
  return nowMs > staleFromMs({ state, askedFrom, rules });
}

export function staleFromMs({ state, askedFrom, rules }: Pick<Tracker, "state" | "askedFrom" | "rules">): number {
  return Math.max(state.lastAt ?? 0, askedFrom) + staleAfterMs(rules);
}

/** Nothing is known of it, and not because it was not asked yet. */
export function isSilent(tracker: Tracker, nowMs: number): boolean {
  const { state, last, forbidden } = tracker;
  if (state.health !== "unknown") return false;
  return forbidden !== null || last?.error === "cannot-check" || (isForgotten(state) && isStale(tracker, nowMs));
}

export function resultWords(last: ProbeResult | null): string {
  if (last === null) return "";
  return last.text !== "" || last.error === null ? last.text : errorTexts[last.error];
}

/** For its log. */
export function entryOf(result: ProbeResult): CheckEntry {
  const { at, error, degraded, tookUs } = result;
  const text = resultWords(result);
  return { at, ok: error === null, degraded, tookMs: tookUs === null ? null : tookUs / 1000, error, text };
}

/** Why it is in the state it is in; null = nothing to say. Without the time of day: the page knows the reader's clock. */
export function checkReason(tracker: Tracker, nowMs: number): string | null {
  const { state, rules, last, forbidden } = tracker;
  if (forbidden !== null) return forbidden;
  if (last?.error === "cannot-check") return `cannot be checked: ${resultWords(last)}`;
  if (state.health === "down") return downWords(tracker, nowMs);
  if (state.health === "unknown") return unknownWords(tracker, nowMs);
  if (state.badInRow > 0) return `${failedWords(tracker)}; down after ${rules.fall}`;
  if (state.health === "up") return null;
  if (isFlapping(state, rules)) return flapWords(state);
  if (state.isDegraded) return resultWords(last);
  return `${badOfRecent(state)} of the last 20 checks failed`;
}

/** "status 503, last 3 checks" */
export function failedWords({ state, last }: Tracker): string {
  const words = resultWords(last);
  const count = state.badInRow === 1 ? "last check" : `last ${state.badInRow} checks`;
  return words === "" ? `${count} failed` : `${words}, ${count}`;
}

function downWords(tracker: Tracker, nowMs: number): string {
  const { state, rules, isOut } = tracker;
  if (isForgotten(state)) return "down when it was last asked";
  if (state.goodInRow === 0) return isOut ? failedWords(tracker) : `${failedWords(tracker)}; it is kept`;
  const backAt = comesBackAt(state, rules);
  if (backAt === null || backAt <= nowMs) return `answers again, ${state.goodInRow} of ${rules.rise} good checks`;
  return `answers again, comes back in ${durationWords(backAt - nowMs)}: ${flapWords(state)}`;
}

function flapWords({ changes }: CheckState): string {
  return `changed its state ${changes.length} times in 10 minutes`;
}

function unknownWords({ state, last }: Tracker, nowMs: number): string | null {
  if (last === null) return "not asked yet";
  if (state.lastAt === null || isForgotten(state)) return `not asked for ${durationWords(nowMs - last.at)}`;
  return null;
}
