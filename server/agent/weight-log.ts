/**
 * What weights did, for people: points for the backend's page, and events for moves worth telling. Bounded: the points of all backends
 * together, one event a farm in ten seconds, and so many a minute over all farms that they never push other events out of the log.
 */
import { weightEvent } from "../core/dynamic/words.ts";
import type { Farm } from "../core/farm/types.ts";
import { type Condition, conditionOf, type FarmConditions, isWithdrawn } from "../core/health/condition.ts";
import type { BackendMonitor } from "../wire/monitor.ts";
import type { Events } from "./events.ts";
import type { DynamicLive } from "./weigher.ts";

type WeightPoint = BackendMonitor["weights"][number];

/** of a measured weight: its factor and words */
type Why = (backendId: string) => Partial<Pick<DynamicLive, "factor" | "text">> | null;

export type WeightLog = {
  /** planned shares after a move, in percent by backend id, and why */
  moved(farm: Farm, shares: ReadonlyMap<string, number>, why: Why): void;
  /** each second, before `moved`: what administrators and checks changed since the last round, and the events that are due */
  round(farms: Iterable<Farm>, now: WeightsNow): void;
  /** newest last */
  points(farmId: string, backendId: string): readonly WeightPoint[];
};

type WeightsNow = {
  sharesOf(farm: Farm): ReadonlyMap<string, number>;
  conditionsOf(farmId: string): FarmConditions;
  /** what a backend asks for by its own agent-check, in words; null = nothing */
  wishOf(farmId: string, backendId: string): string | null;
  /** a measured weight moved: `moved` follows, and says why */
  hasMoved(farmId: string): boolean;
};

type Told = { atMs: number; shares: ReadonlyMap<string, number> };
type Pending = {
  readonly sinceMs: number;
  farm: Farm;
  shares: ReadonlyMap<string, number>;
  /** of the last move */
  why: Why;
};
type FarmBook = {
  farm: Farm;
  told: Told;
  pending: Pending | null;
  readonly points: Map<string, WeightPoint[]>;
  conditions: FarmConditions;
  /** by backend id: why its share is another since the last round, measured weights left out */
  causes: ReadonlyMap<string, string>;
};

const noCauses: FarmBook["causes"] = new Map();
const backendPointsMax = 200;
const backendPointsMin = 10;
const pointsMax = 100_000;
/** less is not worth a point, or an event */
const pointMinPct = 1;
const eventMinPct = 2;
/** a move is told when it has come some way */
const settleMs = 3000;
const farmPauseMs = 10_000;
const eventsPerMinute = 30;

export function createWeightLog(events: Pick<Events, "add">, now: () => number): WeightLog {
  const books = new Map<string, FarmBook>();
  let pointsEach = backendPointsMax;
  let tokens = eventsPerMinute;
  let tokensAtMs = now();

  function addPoint(book: FarmBook, backendId: string, point: WeightPoint): void {
    const ring = book.points.get(backendId);
    // most have one for ever: a list that is pushed to takes room for many
    if (ring === undefined) {
      book.points.set(backendId, [point]);
      return;
    }
    ring.push(point);
    if (ring.length > pointsEach) ring.splice(0, ring.length - pointsEach);
  }

  function noteMove(book: FarmBook, shares: ReadonlyMap<string, number>, why: Why): void {
    for (const { id, weight, adminState } of book.farm.backends) {
      const plannedPct = shares.get(id) ?? 0;
      const last = book.points.get(id)?.at(-1)?.plannedPct ?? null;
      if (last !== null && Math.abs(plannedPct - last) < pointMinPct) continue;
      const condition = conditionOf(book.conditions, id);
      const { factor = condition.factor, text = "" } = why(id) ?? {};
      const isOut = adminState !== "active" || isWithdrawn(condition);
      addPoint(book, id, {
        atMs: now(),
        weight: isOut ? 0 : rounded(weight * factor),
        plannedPct: rounded(plannedPct),
        text: book.causes.get(id) ?? text,
      });
    }
  }

  /** Checks, ejections, windows and slow start move shares too. */
  function noteConditions(book: FarmBook, { conditionsOf, sharesOf, wishOf, hasMoved }: WeightsNow): void {
    const { farm, conditions: before } = book;
    book.conditions = conditionsOf(farm.id);
    book.causes = noCauses;
    if (book.conditions === before) return;
    const isMeasured = hasMoved(farm.id);
    book.causes = causesOf(farm, before, book.conditions, isMeasured, wishOf);
    if (!isMeasured) noteMove(book, sharesOf(farm), () => others(book));
  }

  /** What people set is told by its revision; moves are counted from there. */
  function noteSettings(farm: Farm, shares: ReadonlyMap<string, number>, conditions: FarmConditions): void {
    const before = books.get(farm.id);
    const book: FarmBook = {
      farm,
      told: { atMs: before?.told.atMs ?? Number.NEGATIVE_INFINITY, shares },
      pending: null,
      points: before?.points ?? new Map<string, WeightPoint[]>(),
      conditions,
      causes: new Map(),
    };
    books.set(farm.id, book);
    let last: WeightPoint | null = null;
    for (const backend of farm.backends) {
      const was = before?.farm.backends.find(({ id }) => id === backend.id);
      const text = settingText(was, backend);
      if (text === null) continue;
      const weight = backend.adminState === "active" ? backend.weight : 0;
      last = alike(last, { atMs: now(), weight, plannedPct: rounded(shares.get(backend.id) ?? 0), text });
      addPoint(book, backend.id, last);
    }
    for (const id of book.points.keys()) if (!farm.backends.some((each) => each.id === id)) book.points.delete(id);
  }

  function tell(book: FarmBook, { farm, shares, why }: Pending): void {
    const change = (id: string) => (shares.get(id) ?? 0) - (book.told.shares.get(id) ?? 0);
    // who went down or came back is told by an event of its own
    const wordsOf = (id: string) => why(id)?.text ?? "";
    const steered = farm.backends.filter(({ id }) => wordsOf(id) !== "");
    const [most] = steered.sort((a, b) => Math.abs(change(b.id)) - Math.abs(change(a.id)));
    book.pending = null;
    if (most === undefined || Math.abs(change(most.id)) < eventMinPct) return;
    const from = book.told.shares.get(most.id) ?? 0;
    const text = weightEvent(most.name, from, shares.get(most.id) ?? 0, wordsOf(most.id));
    events.add({ kind: "weight", farmId: farm.id, backendId: most.id, text });
    book.told = { atMs: now(), shares };
    tokens -= 1;
  }

  function tellDue(): void {
    const nowMs = now();
    tokens = Math.min(eventsPerMinute, tokens + (Math.max(0, nowMs - tokensAtMs) * eventsPerMinute) / 60_000);
    tokensAtMs = nowMs;
    for (const book of books.values()) {
      const { pending, told } = book;
      if (pending === null || nowMs - pending.sinceMs < settleMs || nowMs - told.atMs < farmPauseMs) continue;
      if (tokens >= 1) tell(book, pending);
    }
  }

  return {
    moved(farm, shares, why) {
      const book = books.get(farm.id);
      if (book === undefined || book.farm !== farm) return;
      noteMove(book, shares, why);
      const isWorth = farm.backends.some(
        ({ id }) => Math.abs((shares.get(id) ?? 0) - (book.told.shares.get(id) ?? 0)) >= eventMinPct,
      );
      if (!isWorth && book.pending === null) return;
      book.pending = { sinceMs: book.pending?.sinceMs ?? now(), farm, shares, why };
    },
    round(farms, at) {
      let backends = 0;
      const seen = new Set<string>();
      for (const farm of farms) {
        seen.add(farm.id);
        backends += farm.backends.length;
        const book = books.get(farm.id);
        if (book?.farm === farm) noteConditions(book, at);
        else noteSettings(farm, at.sharesOf(farm), at.conditionsOf(farm.id));
      }
      if (seen.size !== books.size) for (const farmId of books.keys()) if (!seen.has(farmId)) books.delete(farmId);
      const room = Math.floor(pointsMax / Math.max(1, backends));
      pointsEach = Math.max(backendPointsMin, Math.min(backendPointsMax, room));
      tellDue();
    },
    points: (farmId, backendId) => books.get(farmId)?.points.get(backendId) ?? [],
  };
}

/** Neighbours that were set alike share their point: of a hundred thousand backends nearly all are. */
function alike(last: WeightPoint | null, next: WeightPoint): WeightPoint {
  const isSame = last?.weight === next.weight && last.plannedPct === next.plannedPct && last.text === next.text;
  return isSame ? last : next;
}

/** Of each backend whose own condition changed in a way that moves its share; a measured weight has words of its own. */
function causesOf(
  { id: farmId, backends }: Farm,
  before: FarmConditions,
  after: FarmConditions,
  isMeasured: boolean,
  wishOf: WeightsNow["wishOf"],
): ReadonlyMap<string, string> {
  // of measured weights alone there is none, each second of each farm
  let causes: Map<string, string> | null = null;
  for (const { id } of backends) {
    const was = conditionOf(before, id);
    const is = conditionOf(after, id);
    if (was === is) continue;
    const text = causeText(was, is, () => wishOf(farmId, id));
    if (text === null || (isMeasured && text === slowStartText)) continue;
    causes ??= new Map();
    causes.set(id, text);
  }
  return causes ?? noCauses;
}

const slowStartText = "slow start";

function causeText(was: Condition, is: Condition, wish: () => string | null): string | null {
  if (is.out !== was.out && is.out !== null)
    return is.out === "ejected" ? "ejected: its clients fail to connect" : (wish() ?? "planned maintenance");
  if (is.health === "down") return was.health === "down" ? null : "down";
  if (was.health === "down" || (was.out !== null && is.out === null))
    return is.factor < 1 ? "back, with slow start" : "back";
  return is.factor === was.factor ? null : (wish() ?? slowStartText);
}

/** Its share is another because of those. */
function others({ farm, causes }: Pick<FarmBook, "farm" | "causes">): Pick<DynamicLive, "text"> {
  const [first, ...rest] = farm.backends.filter(({ id }) => causes.has(id));
  if (first === undefined) return { text: "" };
  return { text: `${first.name}: ${causes.get(first.id)}${rest.length === 0 ? "" : `, and ${rest.length} more`}` };
}

type Setting = Pick<Farm["backends"][number], "weight" | "adminState">;

/** null = nothing of its weight was changed */
function settingText(was: Setting | undefined, now: Setting): string | null {
  if (was === undefined) return `weight ${now.weight}`;
  if (was.adminState !== now.adminState) return now.adminState === "active" ? "takes part again" : now.adminState;
  return was.weight === now.weight ? null : `weight ${was.weight} to ${now.weight}, as set`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
