/**
 * What the checks of one backend say, from their results in order. Pure: states are replaced, time arrives with the result. Times in
 * epoch milliseconds.
 * Invariants: nothing is known before `rise` good or `fall` bad results in a row; up only after `rise` good ones, down only after `fall`
 * bad ones; a backend that changed often comes back only after a row of good ones that lasted longer with each change. A state is of
 * bounded size however long it lives.
 */
import type { HealthCheck } from "../farm/health-check.ts";
import type { Health } from "../farm/types.ts";

export type CheckRules = Pick<HealthCheck, "rise" | "fall" | "intervalMs" | "timeoutMs"> & {
  /** changes within `flapWindowMs` from which on it flaps; 0 = it never does */
  readonly flapChanges: number;
};

/** One result as the state machine needs it. */
export type Verdict = {
  readonly at: number;
  readonly isGood: boolean;
  /** good, but not all is well */
  readonly isDegraded: boolean;
};

export type CheckState = {
  readonly health: Health;
  /** since when; null = not since a change that we saw */
  readonly since: number | null;
  readonly goodInRow: number;
  readonly badInRow: number;
  /** when the row of good results began; null = the last one was bad */
  readonly goodSince: number | null;
  /** of the last result */
  readonly isDegraded: boolean;
  readonly lastAt: number | null;
  /** the last `recentMax` results since it came up, newest in the lowest bit; 1 = bad */
  readonly recentBad: number;
  /** moments of going up or down within the flap window, oldest first */
  readonly changes: readonly number[];
};

export const flapWindowMs = 600_000;
const holdMs = 10_000;
const holdMsMax = 300_000;
const recentMax = 20;
/** of the last `recentMax`: fewer are bad luck */
const shakyFrom = 3;
const changesMax = 200;

/** `health`: as it was known before, until the first results say otherwise. */
export function initialState(health: Health = "unknown", since: number | null = null): CheckState {
  return {
    health,
    since,
    goodInRow: 0,
    badInRow: 0,
    goodSince: null,
    isDegraded: false,
    lastAt: null,
    recentBad: 0,
    changes: [],
  };
}

export function afterResult(before: CheckState, verdict: Verdict, rules: CheckRules): CheckState {
  const { at, isGood } = verdict;
  const counted: CheckState = {
    ...before,
    goodInRow: isGood ? before.goodInRow + 1 : 0,
    badInRow: isGood ? 0 : before.badInRow + 1,
    goodSince: isGood ? (before.goodSince ?? at) : null,
    isDegraded: isGood && verdict.isDegraded,
    lastAt: at,
    recentBad: ((before.recentBad << 1) | (isGood ? 0 : 1)) & (2 ** recentMax - 1),
    changes: freshChanges(before.changes, at),
  };
  return movedTo(counted, judged(counted, rules, at), at);
}

/** When nothing was heard for so long that the last result says nothing any more. A backend that is down stays so until it answers. */
export function staleAfterMs({ intervalMs, timeoutMs }: Pick<CheckRules, "intervalMs" | "timeoutMs">): number {
  return Math.max(10_000, 3 * intervalMs + timeoutMs);
}

/** Nobody asked it for a while. */
export function afterSilence(state: CheckState, nowMs: number): CheckState {
  const forgotten = { ...state, goodInRow: 0, badInRow: 0, goodSince: null };
  return state.health === "down" ? forgotten : movedTo(forgotten, "unknown", nowMs);
}

/** The same with other moments: the clock was set. */
export function withMoments(state: CheckState, moved: (atMs: number) => number): CheckState {
  const { since, goodSince, lastAt, changes } = state;
  const own = (atMs: number | null) => (atMs === null ? null : moved(atMs));
  return { ...state, since: own(since), goodSince: own(goodSince), lastAt: own(lastAt), changes: changes.map(moved) };
}

/** A result that may change the state is due: it is asked for sooner. */
export function isChanging(state: CheckState, rules: CheckRules): boolean {
  if (state.health === "unknown") return true;
  if (state.health === "down") return state.goodInRow > 0 && state.goodInRow < rules.rise;
  return state.badInRow > 0;
}

/** When a backend that is down and answers again may come back; null = it needs no waiting. */
export function comesBackAt(state: CheckState, rules: CheckRules): number | null {
  const over = state.changes.length - rules.flapChanges;
  if (rules.flapChanges === 0 || over < 0 || state.goodSince === null) return null;
  return state.goodSince + Math.min(holdMsMax, holdMs * 2 ** Math.min(over, 10));
}

export function isFlapping({ changes }: CheckState, { flapChanges }: CheckRules): boolean {
  return flapChanges > 0 && changes.length >= flapChanges;
}

/** Some of the last checks failed, though never enough in a row. */
export function badOfRecent({ recentBad }: CheckState): number {
  let count = 0;
  for (let bits = recentBad; bits !== 0; bits >>>= 1) count += bits & 1;
  return count;
}

function judged(state: CheckState, rules: CheckRules, nowMs: number): Health {
  if (state.badInRow >= rules.fall) return "down";
  const serves = state.health === "up" || state.health === "degraded";
  if (!serves) {
    if (state.goodInRow < rules.rise) return state.health;
    const waitsUntil = state.health === "down" ? comesBackAt(state, rules) : null;
    if (waitsUntil !== null && nowMs < waitsUntil) return "down";
  }
  // what failed before it came up is not held against it
  const isShaky = serves && badOfRecent(state) >= shakyFrom;
  const changes = state.changes.length + (state.health === "down" ? 1 : 0);
  const flaps = rules.flapChanges > 0 && changes >= rules.flapChanges;
  return state.isDegraded || isShaky || flaps ? "degraded" : "up";
}

function movedTo(state: CheckState, health: Health, at: number): CheckState {
  if (health === state.health) return state;
  const turns = (health === "down") !== (state.health === "down") && state.health !== "unknown";
  const cameUp = state.health === "down" || state.health === "unknown";
  return {
    ...state,
    health,
    since: at,
    recentBad: cameUp ? 0 : state.recentBad,
    changes: turns ? [...state.changes, at].slice(-changesMax) : state.changes,
  };
}

function freshChanges(changes: readonly number[], nowMs: number): readonly number[] {
  const first = changes[0];
  return first === undefined || nowMs - first < flapWindowMs
    ? changes
    : changes.filter((at) => nowMs - at < flapWindowMs);
}
