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
const calm: Smoothing = { halfLifeMs: halfLifeMs.min, sign: 0, leaning: 0 };
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

const unmeasured = {
  ...calm,
  logCost: null,
  lastLog: null,
  noise: noiseAtFirst,
  seen: 0,
  isFresh: false,
  relation: null,
};

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

/** `sign` of the last move, 0 before the first; `leaning`: for how many rounds the target lay on one side, with its sign. */
type Smoothing = { readonly halfLifeMs: number; readonly sign: number; readonly leaning: number };

type BackendSteering = Smoothing & {
  readonly factor: number;
  /** smoothed, as it was measured last, and the mean size of its jumps */
  readonly logCost: number | null;
  readonly lastLog: number | null;
  readonly noise: number;
  /** measurements since the smoothing began, as far as it matters */
  readonly seen: number;
  readonly atMs: number;
  readonly isFresh: boolean;
  /** its cost against the reference when it was compared last; null = it never was */
  readonly relation: number | null;
};

/** What the controller remembers between two rounds of backends that are compared. */
export type Steering = {
  readonly changedMs: number;
  readonly backends: ReadonlyMap<string, BackendSteering>;
};

export type Steered = {
  readonly steering: Steering;
  /** backends whose factor is another one than before */
  readonly moved: readonly string[];
};

/** As if these factors had just been set: after a restart the kernel has them still. */
export function steeringFrom(factors: ReadonlyMap<string, number>, nowMs: number): Steering {
  const backends = Array.from(factors, ([id, factor]): [string, BackendSteering] => [
    id,
    { factor, ...unmeasured, atMs: nowMs },
  ]);
  return { changedMs: nowMs, backends: new Map(backends) };
}

/** One round. `previous` null: all factors begin at 1. */
export function steer(
  previous: Steering | null,
  measured: readonly Measured[],
  nowMs: number,
  settings: DynamicSettings,
): Steered {
  const seen = measured.map((one) => observed(one, previous?.backends.get(one.backendId), nowMs, settings));
  const reference = settings.reference === "one" ? 0 : referenceOf(seen, measured, settings);
  // a clock that was set back must not hold every weight until it has caught up
  const sinceMs = previous === null ? 0 : Math.abs(nowMs - previous.changedMs);
  const mayMove = previous !== null && sinceMs >= pauseMs && reference !== null;
  const backends = new Map<string, BackendSteering>();
  const moved: string[] = [];
  for (const [at, { backendId }] of measured.entries()) {
    const before = seen[at];
    if (before === undefined) continue;
    const next = { ...steered(before, mayMove ? reference : null, settings), relation: relationOf(before, reference) };
    if (next.factor !== (previous?.backends.get(backendId)?.factor ?? 1)) moved.push(backendId);
    backends.set(backendId, next);
  }
  const changedMs = previous === null || moved.length > 0 ? nowMs : previous.changedMs;
  return { steering: { changedMs, backends }, moved };
}

/** As it was steered before, with what is measured now. */
function observed(
  { cost, atMs, staleMs }: Measured,
  before: BackendSteering | undefined,
  nowMs: number,
  settings: DynamicSettings,
): BackendSteering {
  const { sign, leaning, halfLifeMs: halfLife } = before ?? calm;
  const isFresh = cost !== null && cost > 0 && nowMs - atMs <= staleMs;
  const fresh = isFresh ? Math.log(cost) : null;
  return {
    // bounds that an administrator set anew hold at once
    factor: bounded(before?.factor ?? 1, settings),
    halfLifeMs: halfLife,
    sign,
    leaning,
    logCost: fresh === null ? (before?.logCost ?? null) : costNow(fresh, atMs, before),
    lastLog: fresh ?? before?.lastLog ?? null,
    noise: noiseNow(fresh, atMs, before),
    seen: seenNow(fresh, atMs, before),
    atMs,
    isFresh,
    relation: before?.relation ?? null,
  };
}

function costNow(fresh: number, atMs: number, before: BackendSteering | undefined): number {
  const old = before?.logCost ?? null;
  if (before === undefined || old === null) return fresh;
  // the same measurement read twice says nothing new
  if (before.atMs === atMs) return old;
  // after a gap nothing is left of what was smoothed before; at first it is the mean, or the first time of all would count for most
  const smoothed = 0.5 ** (Math.max(atMs - before.atMs, 1) / before.halfLifeMs);
  const keep = before.isFresh ? Math.min(smoothed, before.seen / (before.seen + 1)) : 0;
  return keep * old + (1 - keep) * fresh;
}

function noiseNow(fresh: number | null, atMs: number, before: BackendSteering | undefined): number {
  if (before === undefined) return noiseAtFirst;
  const { noise, lastLog, seen } = before;
  if (fresh === null || lastLog === null || !before.isFresh || before.atMs === atMs) return noise;
  const keep = Math.min(0.5 ** (Math.max(atMs - before.atMs, 1) / noiseHalfLifeMs), (seen + 1) / (seen + 2));
  return keep * noise + (1 - keep) * Math.min(jumpMax, Math.abs(fresh - lastLog));
}

function seenNow(fresh: number | null, atMs: number, before: BackendSteering | undefined): number {
  if (before === undefined || fresh === null) return before?.seen ?? (fresh === null ? 0 : 1);
  if (!before.isFresh || before.logCost === null) return 1;
  return before.atMs === atMs ? before.seen : Math.min(seenMax, before.seen + 1);
}

/**
 * Mean of the logarithms by weight; null while fewer than two backends are known, since nothing can be compared then. Who is not measured
 * any more counts by what it was to the others, not by its cost of then: the reference does not jump when it falls silent, and goes on
 * with the costs of the others. Of whom only the factor is left (a restart) that says what it was; a new one was nothing yet.
 */
function referenceOf(
  seen: readonly BackendSteering[],
  measured: readonly Measured[],
  { gain }: DynamicSettings,
): number | null {
  let known = 0;
  let weights = 0;
  let sum = 0;
  for (const [at, { isFresh, logCost, relation, factor }] of seen.entries()) {
    const weight = measured[at]?.weight ?? 0;
    if (weight <= 0) continue;
    if (!isFresh || logCost === null) {
      sum += weight * (relation ?? -Math.log(factor) / gain);
      continue;
    }
    known += 1;
    weights += weight;
    sum += weight * logCost;
  }
  return known < 2 ? null : sum / weights;
}

function relationOf({ isFresh, logCost, relation }: BackendSteering, reference: number | null): number | null {
  return isFresh && logCost !== null && reference !== null ? logCost - reference : relation;
}

/** One step, if its cost is fresh. `reference` null: nothing moves now. */
function steered(
  before: BackendSteering,
  reference: number | null,
  settings: DynamicSettings,
): Omit<BackendSteering, "relation"> {
  const { factor, logCost, lastLog, noise, seen, atMs, isFresh } = before;
  // a wish is no measurement: nothing of it is chance
  const chance = settings.reference === "one" ? 0 : noise * settings.gain;
  const isSteered = reference !== null && isFresh && logCost !== null;
  const distance = isSteered ? distanceOf(factor, reference - logCost, settings) : 0;
  const leaning = isSteered ? leaningOf(before.leaning, distance, chance) : before.leaning;
  const way = wayOf(distance, leaning, chance);
  const next = way === 0 ? factor : bounded(factor * Math.exp(way), settings);
  const sign = Math.sign(next - factor) || before.sign;
  const longer = before.halfLifeMs * (sign * before.sign < 0 ? turned : quiet);
  const isThere = next !== factor && Math.abs(leaning) >= patience;
  return {
    factor: next,
    halfLifeMs: Math.min(halfLifeMs.max, Math.max(halfLifeMs.min, longer)),
    sign,
    leaning: isThere ? 0 : leaning,
    logCost,
    lastLog,
    noise,
    seen,
    atMs,
    isFresh,
  };
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
