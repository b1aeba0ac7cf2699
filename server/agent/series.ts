/**
 * History for charts in typed arrays, within one byte budget. Two rings share one clock for all farms: every second, and every
 * minute (the mean of the minute; percentiles: the last). How far back they reach follows from the number of backends.
 * NaN is "not known"; a gap stays a gap. Times are epoch milliseconds.
 */
import { downsample, type Grid, gridFor } from "../core/metrics/downsample.ts";
import type { FarmSeries } from "../core/metrics/live.ts";

export type BackendSample = {
  readonly backendId: string;
  readonly newPerS: number | null;
  readonly active: number | null;
  readonly observedPct: number | null;
  readonly plannedPct: number | null;
};
export type FarmSample = {
  readonly farmId: string;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly backends: readonly BackendSample[];
};

export type SeriesStore = {
  /** one sample of every farm; farms that are missing are forgotten */
  add(atMs: number, farms: readonly FarmSample[]): void;
  read(farmId: string, fromMs: number, toMs: number): FarmSeries | null;
  retention(): { readonly secondsS: number; readonly minutesS: number };
  bytes(): number;
};

const backendFields = ["newPerS", "active", "observedPct", "plannedPct"] as const;
const farmFields = ["p50Ms", "p95Ms", "p99Ms"] as const;
type Field = (typeof backendFields)[number] | (typeof farmFields)[number];

const secondsMax = 900;
const minutesMax = 360;
const secondsMin = 60;
const minutesMin = 30;
const bytesPerPoint = 4;

/** Time axis and length of one ring; `count` points were ever written. */
type Ring = { times: Float64Array; count: number };
type Column = { seconds: Float32Array; minutes: Float32Array };
type Columns = Map<Field, Column>;
type FarmColumns = { readonly own: Columns; readonly backends: Map<string, Columns> };
type Lengths = { readonly seconds: number; readonly minutes: number };

export function createSeriesStore(budgetBytes: number): SeriesStore {
  let lengths: Lengths = { seconds: secondsMax, minutes: minutesMax };
  const seconds: Ring = { times: new Float64Array(secondsMax), count: 0 };
  const minutes: Ring = { times: new Float64Array(minutesMax), count: 0 };
  const farms = new Map<string, FarmColumns>();
  let columns = 0;

  function fitBudget(samples: readonly FarmSample[]): void {
    columns = samples.reduce((sum, farm) => sum + farmFields.length + farm.backends.length * backendFields.length, 0);
    const wanted = lengthsFor(budgetBytes, columns);
    if (wanted.seconds === lengths.seconds && wanted.minutes === lengths.minutes) return;
    for (const farm of farms.values()) {
      for (const column of columnsOf(farm)) {
        column.seconds = resize(column.seconds, seconds.count, wanted.seconds);
        column.minutes = resize(column.minutes, minutes.count, wanted.minutes);
      }
    }
    seconds.times = resizeTimes(seconds, wanted.seconds);
    minutes.times = resizeTimes(minutes, wanted.minutes);
    lengths = wanted;
  }

  return {
    add(atMs, samples) {
      fitBudget(samples);
      forgetMissing(farms, samples);
      const previousMs = seconds.count === 0 ? atMs : timeAt(seconds, seconds.count - 1);
      if (Math.floor(atMs / 60_000) > Math.floor(previousMs / 60_000)) closeMinute(farms, seconds, minutes, previousMs);
      seconds.times[seconds.count % lengths.seconds] = atMs;
      for (const sample of samples) writeFarm(farmOf(farms, sample.farmId), sample, seconds.count, lengths);
      seconds.count += 1;
    },
    read(farmId, fromMs, toMs) {
      const farm = farms.get(farmId);
      return farm === undefined ? null : readFarm(farmId, farm, { seconds, minutes, lengths }, fromMs, toMs);
    },
    retention: () => ({ secondsS: lengths.seconds, minutesS: lengths.minutes * 60 }),
    bytes: () => columns * (lengths.seconds + lengths.minutes) * bytesPerPoint,
  };
}

/** Both rings shrink together; the factor has steps of an eighth, so that one more backend does not move everything. */
export function lengthsFor(budgetBytes: number, columns: number): Lengths {
  const wanted = Math.max(1, columns) * (secondsMax + minutesMax) * bytesPerPoint;
  const factor = Math.min(1, budgetBytes / wanted);
  const stepped = factor >= 1 ? 1 : 2 ** (Math.floor(Math.log2(factor) * 8) / 8);
  return {
    seconds: Math.max(secondsMin, Math.floor(secondsMax * stepped)),
    minutes: Math.max(minutesMin, Math.floor(minutesMax * stepped)),
  };
}

function timeAt(ring: Ring, index: number): number {
  return ring.times[index % ring.times.length] ?? 0;
}

function farmOf(farms: Map<string, FarmColumns>, farmId: string): FarmColumns {
  const known = farms.get(farmId) ?? { own: new Map(), backends: new Map() };
  farms.set(farmId, known);
  return known;
}

function forgetMissing(farms: Map<string, FarmColumns>, samples: readonly FarmSample[]): void {
  const present = new Map(samples.map((sample) => [sample.farmId, sample]));
  for (const [farmId, farm] of farms) {
    const sample = present.get(farmId);
    if (sample === undefined) farms.delete(farmId);
    else if (farm.backends.size > sample.backends.length) {
      const ids = new Set(sample.backends.map((backend) => backend.backendId));
      for (const id of farm.backends.keys()) if (!ids.has(id)) farm.backends.delete(id);
    }
  }
}

function writeFarm(farm: FarmColumns, sample: FarmSample, index: number, lengths: Lengths): void {
  for (const field of farmFields)
    columnOf(farm.own, field, lengths).seconds[index % lengths.seconds] = known(sample[field]);
  for (const backend of sample.backends) {
    const columns = farm.backends.get(backend.backendId) ?? new Map<Field, Column>();
    farm.backends.set(backend.backendId, columns);
    for (const field of backendFields)
      columnOf(columns, field, lengths).seconds[index % lengths.seconds] = known(backend[field]);
  }
}

function known(value: number | null): number {
  return value ?? Number.NaN;
}

function columnOf(columns: Columns, field: Field, lengths: Lengths): Column {
  const found = columns.get(field);
  if (found !== undefined) return found;
  const made = {
    seconds: new Float32Array(lengths.seconds).fill(Number.NaN),
    minutes: new Float32Array(lengths.minutes).fill(Number.NaN),
  };
  columns.set(field, made);
  return made;
}

function* columnsOf(farm: FarmColumns): Generator<Column> {
  yield* farm.own.values();
  for (const columns of farm.backends.values()) yield* columns.values();
}

/** The minute that ended becomes one point of the minute ring. */
function closeMinute(farms: Map<string, FarmColumns>, seconds: Ring, minutes: Ring, lastMs: number): void {
  const fromMs = Math.floor(lastMs / 60_000) * 60_000;
  const indices: number[] = [];
  for (let index = seconds.count - 1; index >= Math.max(0, seconds.count - seconds.times.length); index--) {
    if (timeAt(seconds, index) < fromMs) break;
    indices.push(index % seconds.times.length);
  }
  const slot = minutes.count % minutes.times.length;
  minutes.times[slot] = fromMs;
  for (const farm of farms.values()) {
    for (const column of farm.own.values()) column.minutes[slot] = lastKnown(column.seconds, indices);
    for (const columns of farm.backends.values())
      for (const column of columns.values()) column.minutes[slot] = meanKnown(column.seconds, indices);
  }
  minutes.count += 1;
}

/** `indices` newest first. */
function lastKnown(values: Float32Array, indices: readonly number[]): number {
  return values[indices.find((index) => !Number.isNaN(values[index])) ?? -1] ?? Number.NaN;
}

function meanKnown(values: Float32Array, indices: readonly number[]): number {
  let sum = 0;
  let count = 0;
  for (const index of indices) {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** The newest points keep their place modulo the new length. */
function resize(old: Float32Array, count: number, length: number): Float32Array {
  const made = new Float32Array(length).fill(Number.NaN);
  for (let index = Math.max(0, count - Math.min(length, old.length)); index < count; index++)
    made[index % length] = old[index % old.length] ?? Number.NaN;
  return made;
}

function resizeTimes(ring: Ring, length: number): Float64Array {
  const made = new Float64Array(length);
  for (let index = Math.max(0, ring.count - Math.min(length, ring.times.length)); index < ring.count; index++)
    made[index % length] = timeAt(ring, index);
  return made;
}

type Rings = { readonly seconds: Ring; readonly minutes: Ring; readonly lengths: Lengths };

/** From the second ring while it reaches back far enough, else from the minutes. */
function readFarm(farmId: string, farm: FarmColumns, rings: Rings, fromMs: number, toMs: number): FarmSeries {
  const oldestSecond = timeAt(rings.seconds, Math.max(0, rings.seconds.count - rings.lengths.seconds));
  const fine = fromMs >= oldestSecond - 2000 || rings.minutes.count === 0;
  const ring = fine ? rings.seconds : rings.minutes;
  const grid = gridFor(fromMs, toMs, fine ? 1000 : 60_000);
  const order = orderOf(ring);
  const times = order.map((index) => ring.times[index] ?? 0);
  const values = (columns: Columns, field: Field, pick: "mean" | "last") =>
    pointsOf(grid, times, order, columns.get(field), fine, pick);
  return {
    farmId,
    fromMs,
    toMs,
    stepMs: grid.stepMs,
    atMs: grid.atMs,
    connect: {
      p50Ms: values(farm.own, "p50Ms", "last"),
      p95Ms: values(farm.own, "p95Ms", "last"),
      p99Ms: values(farm.own, "p99Ms", "last"),
    },
    backends: [...farm.backends].map(([backendId, columns]) => ({
      backendId,
      newPerS: values(columns, "newPerS", "mean"),
      active: values(columns, "active", "mean"),
      observedPct: values(columns, "observedPct", "last"),
      plannedPct: values(columns, "plannedPct", "last"),
    })),
    retention: { secondsS: rings.lengths.seconds, minutesS: rings.lengths.minutes * 60 },
  };
}

/** Slots of a ring, oldest first. */
function orderOf(ring: Ring): number[] {
  const length = ring.times.length;
  const first = Math.max(0, ring.count - length);
  return Array.from({ length: ring.count - first }, (_, offset) => (first + offset) % length);
}

function pointsOf(
  grid: Grid,
  times: readonly number[],
  order: readonly number[],
  column: Column | undefined,
  fine: boolean,
  pick: "mean" | "last",
): (number | null)[] {
  if (column === undefined) return grid.atMs.map(() => null);
  const source = fine ? column.seconds : column.minutes;
  return downsample(
    grid,
    times,
    order.map((index) => source[index] ?? Number.NaN),
    pick,
  );
}
