/**
 * Weights that follow a measurement: one controller whatever is measured (open connections by weight, time to answer, load). It gives
 * each backend a factor around the administrator's weight. Pure and proportional: the factor follows from the smoothed costs of
 * the backends that are compared, never from how long they were unequal, so it cannot wind up. Costs are positive numbers of one unit;
 * their logarithm is what is smoothed and stepped, so that twice as slow weighs as much as twice as fast.
 * Invariants: floor <= factor <= ceiling; a factor moves at most one step a change, the backends compared change at most once in
 * `pauseMs`; a backend whose cost is not fresh holds its factor, and is to the others what it was when it was measured last: that
 * somebody is not measured any more moves nobody.
 *
 * The single pieces are well known: exponential smoothing of the measurement before it is used, as the mean load of `uptime` and
 * of HAProxy's and Envoy's latency figures are made; a dead band and a bound on the rate of change, as textbooks of process
 * control put them against noise and late measurements (Astrom and Hagglund, "Advanced PID Control"); a proportional term alone,
 * since an integral one winds up while the slots cannot follow. That stale load information herds everyone to whoever looked idle
 * last (Mitzenmacher, "How Useful Is Old Information?", 2000) is why a weight moves by steps and holds without news.
 */
import { factorIn, pushRow, type Row, readRow, rowsFor, type Steering, writeRow } from "./steering.ts";

export type DynamicSettings = {
  /** bounds of the factor around the administrator's weight */
  readonly floor: number;
  readonly ceiling: number;
  /** by how much the factor answers: 1 = half the cost, twice the weight */
  readonly gain: number;
  /** what a cost is held against: the others of its farm, or 1 where the cost says by itself what it wants */
  readonly reference: "others" | "one";
};

/** how much a factor may grow or shrink at a change, as a ratio above 1 */
export const stepRatioMax = 1.35;
/** a target nearer than this ratio is left alone; what moves stops short of it by the other, so that noise moves little */
const deadBandRatio = 1.15;
const shortRatio = 1.07;
/** after so many rounds on one side it is no noise: the rest of the way is gone too */
const patience = 25;
const nearRatio = 1.02;
/** after this time a new cost has half its weight */
const halfLifeMs = { min: 2000, max: 16_000 };
/** a factor that turns round is smoothed longer, and less so with each quiet round: what swings comes to rest */
const turned = 1.5;
const quiet = 0.95;
/** the least time between two changes; rounds come each second, as exactly as timers do */
const pauseMs = 900;
/** in logarithms, as all that follows */
const deadBand = Math.log(deadBandRatio);
const short = Math.log(shortRatio);
const near = Math.log(nearRatio);
const stepMax = Math.log(stepRatioMax);
/**
 * How much costs jump from one measurement to the next says how far chance alone carries the smoothed one: the dead band is at least that
 * wide. A jump counts for this much at the most, and once: a backend that really became slow is not taken for a noisy one.
 */
const jumpMax = 0.5;
const noiseHalfLifeMs = 12_000;
/** until enough is known of it */
const noiseAtFirst = 0.3;
const seenMax = 100;
/** as `deadBand`, `short` and `near`, by the mean jump */
const bandPerNoise = 1.3;
const shortPerNoise = 1;
const nearPerNoise = 0.4;

/** What was measured of a backend that may serve. `cost` null: nothing is known. */
export type Measured = {
  readonly backendId: string;
  /** the administrator's, above 0 */
  readonly weight: number;
  readonly cost: number | null;
  readonly atMs: number;
  /** how long the cost is good for */
  readonly staleMs: number;
};

export type Steered = {
  readonly steering: Steering;
  /** whose factor is another one than before: their places among the measured */
  readonly moved: readonly number[];
};

/** As if these factors had just been set: after a restart the kernel has them still. */
export function steeringFrom(factors: ReadonlyMap<string, number>, nowMs: number, { gain }: DynamicSettings): Steering {
  const rows: number[] = [];
  for (const factor of factors.values())
    pushRow(rows, { ...unmeasured(), factor, atMs: nowMs, relation: -Math.log(factor) / gain });
  return { changedMs: nowMs, ids: [...factors.keys()], rows };
}

/** One round. `previous` null: all factors begin at 1. */
export function steer(
  previous: Steering | null,
  measured: readonly Measured[],
  nowMs: number,
  settings: DynamicSettings,
): Steered {
  const ids = idsOf(previous, measured);
  const before = rowsFor(previous, ids, unmeasured());
  const rows = before.slice();
  // one for all of them: it is read, worked on and written back
  const row = unmeasured();
  const reference = observeAll(rows, row, measured, nowMs, settings);
  // a clock that was set back must not hold every weight until it has caught up
  const sinceMs = previous === null ? 0 : Math.abs(nowMs - previous.changedMs);
  const mayMove = previous !== null && sinceMs >= pauseMs;
  const moved: number[] = [];
  for (let at = 0; at < measured.length; at++) {
    readRow(rows, at, row);
    move(row, mayMove ? reference : null, settings);
    if (row.isFresh && reference !== null) row.relation = row.logCost - reference;
    if (row.factor !== factorIn(before, at)) moved.push(at);
    writeRow(rows, at, row);
  }
  const changedMs = previous === null || moved.length > 0 ? nowMs : previous.changedMs;
  return { steering: { changedMs, ids, rows }, moved };
}

/** The same list while they are the same: what is kept of a round is then only its numbers. */
function idsOf(previous: Steering | null, measured: readonly Measured[]): readonly string[] {
  const isSame =
    previous?.ids.length === measured.length && measured.every(({ backendId }, at) => backendId === previous.ids[at]);
  return isSame ? previous.ids : measured.map(({ backendId }) => backendId);
}

function unmeasured(): Row {
  return {
    factor: 1,
    halfLifeMs: halfLifeMs.min,
    sign: 0,
    leaning: 0,
    logCost: 0,
    lastLog: 0,
    noise: noiseAtFirst,
    seen: 0,
    atMs: 0,
    isFresh: false,
    relation: 0,
  };
}

/**
 * Takes in what is measured now, and answers what costs are held against: mean of the logarithms by weight; null while fewer than two
 * backends are known, since nothing can be compared then. Who is not measured any more counts by what it was to the others, not by its cost
 * of then: the reference does not jump when it falls silent, and goes on with the costs of the others. Of whom only the factor is left
 * (a restart) that says what it was; a new one was nothing yet.
 */
function observeAll(
  rows: number[],
  row: Row,
  measured: readonly Measured[],
  nowMs: number,
  settings: DynamicSettings,
): number | null {
  let known = 0;
  let weights = 0;
  let sum = 0;
  for (const [at, one] of measured.entries()) {
    readRow(rows, at, row);
    observe(row, one, nowMs, settings);
    writeRow(rows, at, row);
    const { weight } = one;
    if (weight <= 0) continue;
    sum += weight * (row.isFresh ? row.logCost : row.relation);
    if (!row.isFresh) continue;
    known += 1;
    weights += weight;
  }
  if (settings.reference === "one") return 0;
  return known < 2 ? null : sum / weights;
}

/** As it was steered before, with what is measured now. */
function observe(row: Row, { cost, atMs, staleMs }: Measured, nowMs: number, settings: DynamicSettings): void {
  // bounds that an administrator set anew hold at once
  row.factor = bounded(row.factor, settings);
  const isFresh = cost !== null && cost > 0 && nowMs - atMs <= staleMs;
  if (isFresh) take(row, Math.log(cost), atMs);
  row.atMs = atMs;
  row.isFresh = isFresh;
}

/** A fresh cost; the same measurement read twice says nothing new. After a gap nothing is left of what was smoothed before. */
function take(row: Row, fresh: number, atMs: number): void {
  const { seen, isFresh: isGoingOn } = row;
  if (seen > 0 && row.atMs === atMs) {
    if (!isGoingOn) row.seen = 1;
    row.lastLog = fresh;
    return;
  }
  const passedMs = Math.max(atMs - row.atMs, 1);
  // at first it is the mean, or the first time of all would count for most
  const keep = isGoingOn ? Math.min(0.5 ** (passedMs / row.halfLifeMs), seen / (seen + 1)) : 0;
  if (isGoingOn) row.noise = noiseNow(row, fresh, passedMs);
  row.logCost = keep * row.logCost + (1 - keep) * fresh;
  row.lastLog = fresh;
  row.seen = isGoingOn ? Math.min(seenMax, seen + 1) : 1;
}

function noiseNow({ noise, lastLog, seen }: Row, fresh: number, passedMs: number): number {
  const keep = Math.min(0.5 ** (passedMs / noiseHalfLifeMs), (seen + 1) / (seen + 2));
  return keep * noise + (1 - keep) * Math.min(jumpMax, Math.abs(fresh - lastLog));
}

/** One step, if its cost is fresh. `reference` null: nothing moves now. */
function move(row: Row, reference: number | null, settings: DynamicSettings): void {
  const { factor } = row;
  // a wish is no measurement: nothing of it is chance
  const chance = settings.reference === "one" ? 0 : row.noise * settings.gain;
  const isSteered = reference !== null && row.isFresh;
  const distance = isSteered ? distanceOf(factor, reference - row.logCost, settings) : 0;
  const leaning = isSteered ? leaningOf(row.leaning, distance, chance) : row.leaning;
  const way = wayOf(distance, leaning, chance);
  const next = way === 0 ? factor : bounded(factor * Math.exp(way), settings);
  const sign = Math.sign(next - factor) || row.sign;
  const longer = row.halfLifeMs * (sign * row.sign < 0 ? turned : quiet);
  const isThere = next !== factor && Math.abs(leaning) >= patience;
  row.factor = next;
  row.halfLifeMs = Math.min(halfLifeMs.max, Math.max(halfLifeMs.min, longer));
  row.sign = sign;
  row.leaning = isThere ? 0 : leaning;
}

function bounded(factor: number, { floor, ceiling }: DynamicSettings): number {
  return Math.min(ceiling, Math.max(floor, factor));
}

function distanceOf(factor: number, logDistance: number, { gain, floor, ceiling }: DynamicSettings): number {
  const wanted = Math.min(Math.log(ceiling), Math.max(Math.log(floor), gain * logDistance));
  return wanted - Math.log(factor);
}

function leaningOf(leaning: number, distance: number, chance: number): number {
  const side = Math.abs(distance) < Math.max(near, nearPerNoise * chance) ? 0 : Math.sign(distance);
  return side === Math.sign(leaning) ? leaning + side : side;
}

/** One step at a change, however long ago the last one was: a farm that stood still does not jump. */
function wayOf(distance: number, leaning: number, chance: number): number {
  const isSure = Math.abs(leaning) >= patience;
  if (!isSure && Math.abs(distance) < Math.max(deadBand, bandPerNoise * chance)) return 0;
  const rest = isSure ? nearPerNoise * chance : Math.max(short, shortPerNoise * chance);
  return Math.sign(distance) * Math.min(Math.abs(distance) - rest, stepMax);
}
