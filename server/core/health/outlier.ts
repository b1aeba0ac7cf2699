/**
 * Which backends of a farm are taken out because real clients fail there: opens that were refused, not answered, or reset right after. Pure;
 * the caller brings counts and time, and keeps the state.
 * Invariants: an ejection never brings more than `ejectedPctMax` of those that may serve out, and of each group (an address family) `leftMin` stay
 * in; a hold doubles from ejection to ejection and never exceeds `holdMaxS`; a farm without opens ejects nobody.
 * By whom a connection was reset cannot be seen. Resets count only as far as they are more frequent than on the other backends of the farm: a
 * client that always resets does so everywhere.
 */
import type { Outlier } from "../farm/outlier.ts";

/** How opens ended since the last call. `answered` counts those that were reset later too. */
export type OpenCounts = {
  readonly answered: number;
  readonly refused: number;
  readonly unanswered: number;
  readonly reset: number;
};

export type OutlierBackend = {
  readonly id: string;
  /** `leftMin` of each group stay in */
  readonly group: string;
  /** it takes new connections, or would if it were not ejected */
  readonly mayServe: boolean;
  readonly fresh: OpenCounts | null;
};

export type Ejection = {
  readonly sinceMs: number;
  readonly untilMs: number;
  /** why, e.g. "12 of 20 opens refused" */
  readonly text: string;
};

type Slice = OpenCounts & { readonly atMs: number };
type Watched = {
  /** within the window, oldest first */
  readonly slices: readonly Slice[];
  readonly ejection: Ejection | null;
  /** ejections in a row, and until when another one belongs to the row */
  readonly row: number;
  readonly rowUntilMs: number;
};
export type OutlierState = ReadonlyMap<string, Watched>;

export type Judged = {
  readonly state: OutlierState;
  readonly ejected: readonly { readonly id: string; readonly ejection: Ejection }[];
  readonly returned: readonly string[];
};

export const noOutliers: OutlierState = new Map();

export type OutlierFarm = {
  readonly settings: Outlier;
  readonly backends: readonly OutlierBackend[];
  /** the farm counts as down with fewer; at least 1 */
  readonly leftMin: number;
};

/** Takes in what happened since the last call, ends the holds that are over, and ejects the worst first. */
export function judgeOutliers(state: OutlierState, farm: OutlierFarm, nowMs: number): Judged {
  const { settings, backends } = farm;
  const needed = neededAgain(state, farm);
  const returned: string[] = [];
  const next = new Map<string, Watched>();
  for (const { id, fresh } of backends) {
    const watched = state.get(id) ?? unwatched;
    const isOver = watched.ejection !== null && (watched.ejection.untilMs <= nowMs || needed.has(id));
    if (isOver) returned.push(id);
    next.set(id, advance(watched, isOver, fresh, settings, nowMs));
  }
  const ejected = eject(next, farm, nowMs);
  return { state: next, ejected, returned };
}

/** One that was out before the agent began anew: a hold of its own, since nobody knows how long it was. */
export function resumeEjection(state: OutlierState, id: string, { holdS }: Outlier, nowMs: number): OutlierState {
  const ejection = { sinceMs: nowMs, untilMs: nowMs + holdS * 1000, text: "opens failed before the agent began anew" };
  return new Map([...state, [id, { slices: [], ejection, row: 1, rowUntilMs: 0 }]]);
}

/** Nothing to conclude and nobody to bring back, for backends without fresh opens. */
export function isAtRest(state: OutlierState, backendIds: readonly string[]): boolean {
  return backendIds.every((id) => {
    const watched = state.get(id);
    return watched !== undefined && watched.ejection === null && watched.slices.length === 0;
  });
}

/** The clock was set: what is kept by it moves along. */
export function movedOutliers(state: OutlierState, byMs: number): OutlierState {
  return new Map(
    Array.from(state, ([id, watched]) => {
      const { slices, ejection, rowUntilMs } = watched;
      const moved: Watched = {
        ...watched,
        slices: slices.map((slice) => ({ ...slice, atMs: slice.atMs + byMs })),
        ejection:
          ejection === null
            ? null
            : { ...ejection, sinceMs: ejection.sinceMs + byMs, untilMs: ejection.untilMs + byMs },
        rowUntilMs: rowUntilMs + byMs,
      };
      return [id, moved];
    }),
  );
}

/** What is out now, by backend. */
export function ejections(state: OutlierState): Map<string, Ejection> {
  return new Map(Array.from(state).flatMap(([id, { ejection }]) => (ejection === null ? [] : [[id, ejection]])));
}

const unwatched: Watched = { slices: [], ejection: null, row: 0, rowUntilMs: 0 };
const none: OpenCounts = { answered: 0, refused: 0, unanswered: 0, reset: 0 };

/** Too few are left, because others went down or were taken out by decision: who would come back first does so now. */
function neededAgain(state: OutlierState, { backends, leftMin }: OutlierFarm): Set<string> {
  const needed = new Set<string>();
  for (const group of new Set(backends.map((each) => each.group))) {
    const able = backends.filter((each) => each.mayServe && each.group === group);
    const out = able
      .flatMap(({ id }) => ({ id, untilMs: state.get(id)?.ejection?.untilMs ?? 0 }))
      .filter(({ untilMs }) => untilMs > 0)
      .sort((a, b) => a.untilMs - b.untilMs);
    const missing = Math.min(leftMin, able.length) - (able.length - out.length);
    for (const { id } of out.slice(0, Math.max(0, missing))) needed.add(id);
  }
  return needed;
}

/** Who is out is not judged: what ends meanwhile began before. */
function advance(
  watched: Watched,
  isOver: boolean,
  fresh: OpenCounts | null,
  { windowS }: Outlier,
  nowMs: number,
): Watched {
  const { ejection, row, rowUntilMs } = watched;
  if (ejection !== null && !isOver) return watched;
  if (ejection !== null) {
    // back for as long as it was out without another ejection: the row is over
    const heldMs = ejection.untilMs - ejection.sinceMs;
    return { slices: [], ejection: null, row, rowUntilMs: nowMs + heldMs + windowS * 1000 };
  }
  const kept = watched.slices.filter(({ atMs }) => atMs > nowMs - windowS * 1000);
  const slices = fresh === null ? kept : [...kept, { ...fresh, atMs: nowMs }];
  return { slices, ejection: null, row: nowMs < rowUntilMs ? row : 0, rowUntilMs };
}

type Candidate = {
  readonly id: string;
  readonly group: string;
  readonly failedPct: number;
  readonly counts: OpenCounts;
};

function eject(
  state: Map<string, Watched>,
  { settings, backends, leftMin }: OutlierFarm,
  nowMs: number,
): Judged["ejected"] {
  const able = backends.filter(({ mayServe }) => mayServe);
  const isOut = (id: string) => (state.get(id)?.ejection ?? null) !== null;
  let room = Math.floor((able.length * settings.ejectedPctMax) / 100) - able.filter(({ id }) => isOut(id)).length;
  const ejected: { id: string; ejection: Ejection }[] = [];
  for (const { id, group, counts } of candidates(state, settings, able)) {
    const left = able.filter((each) => each.group === group && !isOut(each.id)).length;
    if (room <= 0) break;
    if (left <= leftMin) continue;
    room -= 1;
    const row = state.get(id)?.row ?? 0;
    const ejection = { sinceMs: nowMs, untilMs: nowMs + holdMs(settings, row), text: failureText(counts) };
    state.set(id, { slices: [], ejection, row: row + 1, rowUntilMs: 0 });
    ejected.push({ id, ejection });
  }
  return ejected;
}

/** Who fails too much, the worst first. */
function candidates(state: OutlierState, settings: Outlier, able: readonly OutlierBackend[]): Candidate[] {
  const sums = able.map(({ id }) => sumOf(state.get(id)?.slices ?? []));
  const all = sumOf(sums);
  return able
    .map(({ id, group }, at) => {
      const counts = sums[at] ?? none;
      return { id, group, counts, failedPct: failedPct(counts, all) };
    })
    .filter(({ counts, failedPct }) => opensIn(counts) >= settings.opensMin && failedPct >= settings.failedPct)
    .sort((a, b) => b.failedPct - a.failedPct || opensIn(b.counts) - opensIn(a.counts) || (a.id < b.id ? -1 : 1));
}

function failedPct(counts: OpenCounts, all: OpenCounts): number {
  const opens = opensIn(counts);
  if (opens === 0) return 0;
  return (100 * (counts.refused + counts.unanswered + oddResets(counts, all))) / opens;
}

/** Resets beyond what the other backends have on as many answered opens; without others there is nothing to compare with. */
function oddResets(counts: OpenCounts, all: OpenCounts): number {
  const othersAnswered = all.answered - counts.answered;
  if (othersAnswered <= 0) return 0;
  const usual = (counts.answered * (all.reset - counts.reset)) / othersAnswered;
  return Math.min(counts.answered, Math.max(0, counts.reset - usual));
}

function holdMs({ holdS, holdMaxS }: Outlier, row: number): number {
  return Math.min(Math.max(holdS, holdMaxS), holdS * 2 ** Math.min(row, 32)) * 1000;
}

function sumOf(parts: readonly OpenCounts[]): OpenCounts {
  return parts.reduce(
    (sum, each) => ({
      answered: sum.answered + each.answered,
      refused: sum.refused + each.refused,
      unanswered: sum.unanswered + each.unanswered,
      reset: sum.reset + each.reset,
    }),
    none,
  );
}

function opensIn({ answered, refused, unanswered }: OpenCounts): number {
  return answered + refused + unanswered;
}

function failureText(counts: OpenCounts): string {
  const kinds = [
    [counts.refused, "refused"],
    [counts.unanswered, "not answered"],
    // of those that were answered; some were before the window
    [Math.min(counts.reset, counts.answered), "reset at once"],
  ] as const;
  const seen = kinds.filter(([count]) => count > 0);
  const opens = opensIn(counts).toLocaleString("en");
  const [only] = seen;
  if (seen.length === 1 && only !== undefined) return `${only[0].toLocaleString("en")} of ${opens} opens ${only[1]}`;
  return `of ${opens} opens ${seen.map(([count, how]) => `${count.toLocaleString("en")} ${how}`).join(", ")}`;
}
