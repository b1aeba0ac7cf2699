/**
 * History for charts in typed arrays, within one byte budget. Two rings share one clock for all farms: every second, and every
 * minute (the mean of the minute; times: the last, which are of a whole minute). How far back they reach follows from the number of backends.
 * A farm is one matrix a ring, a row a moment, so that a second is written in one go. NaN is "not known"; a gap stays a gap.
 */
import type { FarmSeries } from "../core/metrics/live.ts";
import { readFarm } from "./series-read.ts";

/** p50 and p95 of the last minute */
type TimesSample = { readonly p50Ms: number | null; readonly p95Ms: number | null } | null | undefined;
type BackendSample = {
  readonly backendId: string;
  readonly newPerS: number | null;
  readonly active: number | null;
  readonly observed: { readonly sharePct: number } | null;
  readonly plannedPct: number | null;
  /** by probes, and of real connections */
  readonly connect: TimesSample;
  readonly traffic?: TimesSample;
};
type FarmTimes = { readonly p50Ms: number | null; readonly p95Ms: number | null; readonly p99Ms: number | null };
/** What a live row of a farm holds of it. */
export type FarmSample = {
  readonly farmId: string;
  readonly connect: FarmTimes | null;
  readonly traffic?: FarmTimes | null | undefined;
  readonly backends: readonly BackendSample[];
};

export type SeriesStore = {
  /** one sample of every farm; farms that are missing are forgotten. A minute that ends is summed up with pauses; one call at a time */
  add(atMs: number, farms: readonly FarmSample[], pause: () => Promise<void>): Promise<void>;
  read(farmId: string, fromMs: number, toMs: number): FarmSeries | null;
  retention(): { readonly secondsS: number; readonly minutesS: number };
  bytes(): number;
};

/** Columns of a farm's matrix: p50, p95, p99 by probes and of real connections, then those of each backend. */
const farmColumns = 6;
const backendColumns = 8;
/** from this field on a backend's are times */
const firstTime = 4;

/** Time axis of one ring; `count` points were ever written. */
export type Ring = { times: Float64Array; count: number };
export type FarmBlock = {
  readonly backendIds: readonly string[];
  readonly columns: number;
  seconds: Float32Array;
  minutes: Float32Array;
};
type Lengths = { readonly seconds: number; readonly minutes: number };

const secondsMax = 900;
const minutesMax = 360;
const secondsMin = 60;
const minutesMin = 30;
const bytesPerPoint = 4;
const farmsPerPiece = 50;

export function createSeriesStore(budgetBytes: number): SeriesStore {
  let lengths: Lengths = { seconds: secondsMax, minutes: minutesMax };
  const seconds: Ring = { times: new Float64Array(secondsMax), count: 0 };
  const minutes: Ring = { times: new Float64Array(minutesMax), count: 0 };
  const farms = new Map<string, FarmBlock>();
  let columns = 0;

  function fitBudget(samples: readonly FarmSample[]): void {
    columns = samples.reduce((sum, farm) => sum + columnsOf(farm), 0);
    const wanted = lengthsFor(budgetBytes, columns);
    if (wanted.seconds === lengths.seconds && wanted.minutes === lengths.minutes) return;
    for (const farm of farms.values()) {
      farm.seconds = resize(farm.seconds, farm.columns, seconds.count, wanted.seconds);
      farm.minutes = resize(farm.minutes, farm.columns, minutes.count, wanted.minutes);
    }
    seconds.times = resizeTimes(seconds, wanted.seconds);
    minutes.times = resizeTimes(minutes, wanted.minutes);
    lengths = wanted;
  }

  function blockOf(sample: FarmSample): FarmBlock {
    const known = farms.get(sample.farmId);
    if (known !== undefined && hasBackends(known, sample)) return known;
    const made = emptyBlock(sample, lengths);
    if (known !== undefined) copyShared(known, made);
    farms.set(sample.farmId, made);
    return made;
  }

  function forgetMissing(samples: readonly FarmSample[]): void {
    if (farms.size === samples.length) return;
    const present = new Set(samples.map(({ farmId }) => farmId));
    for (const farmId of farms.keys()) if (!present.has(farmId)) farms.delete(farmId);
  }

  return {
    async add(atMs, samples, pause) {
      fitBudget(samples);
      const previousMs = seconds.count === 0 ? atMs : timeAt(seconds, seconds.count - 1);
      if (Math.floor(atMs / 60_000) > Math.floor(previousMs / 60_000))
        await closeMinute([...farms.values()], seconds, minutes, previousMs, pause);
      const slot = seconds.count % lengths.seconds;
      seconds.times[slot] = atMs;
      for (const sample of samples) writeRow(blockOf(sample), slot, sample);
      forgetMissing(samples);
      seconds.count += 1;
    },
    read(farmId, fromMs, toMs) {
      const farm = farms.get(farmId);
      return farm === undefined ? null : readFarm(farmId, farm, { seconds, minutes }, fromMs, toMs);
    },
    retention: () => ({ secondsS: lengths.seconds, minutesS: lengths.minutes * 60 }),
    bytes: () => columns * (lengths.seconds + lengths.minutes) * bytesPerPoint,
  };
}

function columnsOf(sample: FarmSample): number {
  return farmColumns + sample.backends.length * backendColumns;
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

export function timeAt(ring: Ring, index: number): number {
  return ring.times[index % ring.times.length] ?? 0;
}

function hasBackends(block: FarmBlock, sample: FarmSample): boolean {
  return (
    block.backendIds.length === sample.backends.length &&
    sample.backends.every(({ backendId }, at) => block.backendIds[at] === backendId)
  );
}

function emptyBlock(sample: FarmSample, lengths: Lengths): FarmBlock {
  const columns = columnsOf(sample);
  return {
    backendIds: sample.backends.map(({ backendId }) => backendId),
    columns,
    seconds: new Float32Array(lengths.seconds * columns).fill(Number.NaN),
    minutes: new Float32Array(lengths.minutes * columns).fill(Number.NaN),
  };
}

/** The farm's own columns and those of the backends that stay. */
function copyShared(from: FarmBlock, to: FarmBlock): void {
  const columns: [number, number][] = [];
  for (let column = 0; column < farmColumns; column++) columns.push([column, column]);
  for (const [at, id] of to.backendIds.entries()) {
    const was = from.backendIds.indexOf(id);
    for (let field = 0; was >= 0 && field < backendColumns; field++)
      columns.push([columnAt(was, field), columnAt(at, field)]);
  }
  for (const ring of ["seconds", "minutes"] as const)
    for (let row = 0; row * from.columns < from[ring].length; row++)
      for (const [was, is] of columns)
        to[ring][row * to.columns + is] = from[ring][row * from.columns + was] ?? Number.NaN;
}

/** Column of a field (0 new, 1 active, 2 observed, 3 planned, 4 and 5 p50 and p95 by probes, 6 and 7 of real connections) of the backend at an index. */
export function columnAt(index: number, field: number): number {
  return farmColumns + index * backendColumns + field;
}

function writeRow(block: FarmBlock, slot: number, sample: FarmSample): void {
  const { seconds } = block;
  let at = slot * block.columns;
  for (const times of [sample.connect, sample.traffic]) {
    seconds[at++] = times?.p50Ms ?? Number.NaN;
    seconds[at++] = times?.p95Ms ?? Number.NaN;
    seconds[at++] = times?.p99Ms ?? Number.NaN;
  }
  for (const backend of sample.backends) {
    seconds[at++] = backend.newPerS ?? Number.NaN;
    seconds[at++] = backend.active ?? Number.NaN;
    seconds[at++] = backend.observed?.sharePct ?? Number.NaN;
    seconds[at++] = backend.plannedPct ?? Number.NaN;
    seconds[at++] = backend.connect?.p50Ms ?? Number.NaN;
    seconds[at++] = backend.connect?.p95Ms ?? Number.NaN;
    seconds[at++] = backend.traffic?.p50Ms ?? Number.NaN;
    seconds[at++] = backend.traffic?.p95Ms ?? Number.NaN;
  }
}

/** The minute that ended becomes one row of the minute ring. */
async function closeMinute(
  farms: readonly FarmBlock[],
  seconds: Ring,
  minutes: Ring,
  lastMs: number,
  pause: () => Promise<void>,
): Promise<void> {
  const fromMs = Math.floor(lastMs / 60_000) * 60_000;
  const slots: number[] = [];
  for (let index = seconds.count - 1; index >= Math.max(0, seconds.count - seconds.times.length); index--) {
    if (timeAt(seconds, index) < fromMs) break;
    slots.push(index % seconds.times.length);
  }
  // all rows first, then all at once into the ring: who reads meanwhile sees the old ring, whole
  const rows: Float32Array[] = [];
  for (const [at, farm] of farms.entries()) {
    if (at % farmsPerPiece === farmsPerPiece - 1) await pause();
    const row = new Float32Array(farm.columns);
    for (let column = 0; column < farm.columns; column++)
      row[column] = isTime(column) ? lastKnown(farm, column, slots) : meanKnown(farm, column, slots);
    rows.push(row);
  }
  const slot = minutes.count % minutes.times.length;
  minutes.times[slot] = fromMs;
  for (const [at, farm] of farms.entries()) farm.minutes.set(rows[at] ?? [], slot * farm.columns);
  minutes.count += 1;
}

function isTime(column: number): boolean {
  return column < farmColumns || (column - farmColumns) % backendColumns >= firstTime;
}

/** `slots` newest first. */
function lastKnown(farm: FarmBlock, column: number, slots: readonly number[]): number {
  for (const slot of slots) {
    const value = farm.seconds[slot * farm.columns + column] ?? Number.NaN;
    if (!Number.isNaN(value)) return value;
  }
  return Number.NaN;
}

function meanKnown(farm: FarmBlock, column: number, slots: readonly number[]): number {
  let sum = 0;
  let count = 0;
  for (const slot of slots) {
    const value = farm.seconds[slot * farm.columns + column] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** The newest rows keep their place modulo the new length. */
function resize(old: Float32Array, columns: number, count: number, length: number): Float32Array {
  const rows = old.length / columns;
  const made = new Float32Array(length * columns).fill(Number.NaN);
  for (let index = Math.max(0, count - Math.min(length, rows)); index < count; index++) {
    const from = (index % rows) * columns;
    made.set(old.subarray(from, from + columns), (index % length) * columns);
  }
  return made;
}

function resizeTimes(ring: Ring, length: number): Float64Array {
  const made = new Float64Array(length);
  for (let index = Math.max(0, ring.count - Math.min(length, ring.times.length)); index < ring.count; index++)
    made[index % length] = timeAt(ring, index);
  return made;
}
