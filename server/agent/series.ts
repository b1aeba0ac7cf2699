/**
 * History for charts as 16 bit codes, within one byte budget. Two rings share one clock for all farms: every second, and every
 * minute (the mean of the minute; times: the last, which are of a whole minute). How far back they reach follows from the number of backends.
 * A farm keeps one track a field and ring (series-track.ts). NaN is "not known"; a gap stays a gap.
 */
import type { FarmSeries } from "../core/metrics/live.ts";
import { encodeValue, unknownCode } from "../core/metrics/minutes.ts";
import { readFarm } from "./series-read.ts";
import { SeriesTrack } from "./series-track.ts";

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
  /** that are held now: the budget is what they may become */
  bytes(): number;
};

/** Of a farm: p50, p95, p99 by probes and of real connections. */
const farmColumns = 6;
/** Of each backend, a track each: new, active, observed, planned, p50 and p95 by probes, p50 and p95 of real connections. */
const backendColumns = 8;
/** from this field on a backend's are times */
const firstTime = 4;

/** Time axis of one ring; `count` points were ever written. */
export type Ring = { times: Float64Array; count: number };
/** `own`: what a farm has, as wide as `farmColumns`; `fields`: what its backends have. */
type FarmTracks = { readonly own: SeriesTrack; readonly fields: readonly SeriesTrack[] };
export type FarmBlock = {
  readonly backendIds: readonly string[];
  readonly seconds: FarmTracks;
  readonly minutes: FarmTracks;
  /** as they were written last: the same list says the same */
  written: readonly BackendSample[] | null;
};
type Lengths = { readonly seconds: number; readonly minutes: number };

const secondsMax = 900;
const minutesMax = 360;
const secondsMin = 60;
const minutesMin = 30;
const bytesPerPoint = 2;
const farmsPerPiece = 50;

export function createSeriesStore(budgetBytes: number): SeriesStore {
  let lengths: Lengths = { seconds: secondsMax, minutes: minutesMax };
  const seconds: Ring = { times: new Float64Array(secondsMax), count: 0 };
  const minutes: Ring = { times: new Float64Array(minutesMax), count: 0 };
  const farms = new Map<string, FarmBlock>();

  function fitBudget(samples: readonly FarmSample[]): void {
    const columns = samples.reduce((sum, farm) => sum + columnsOf(farm), 0);
    const wanted = lengthsFor(budgetBytes, columns);
    if (wanted.seconds === lengths.seconds && wanted.minutes === lengths.minutes) return;
    for (const farm of farms.values()) {
      for (const track of tracksOf(farm.seconds)) track.resize(wanted.seconds, seconds.count);
      for (const track of tracksOf(farm.minutes)) track.resize(wanted.minutes, minutes.count);
    }
    seconds.times = resizeTimes(seconds, wanted.seconds);
    minutes.times = resizeTimes(minutes, wanted.minutes);
    lengths = wanted;
  }

  function blockOf(sample: FarmSample): FarmBlock {
    const known = farms.get(sample.farmId);
    if (known !== undefined && hasBackends(known, sample)) return known;
    const backendIds = sample.backends.map(({ backendId }) => backendId);
    const made = known === undefined ? emptyBlock(backendIds, lengths) : rearranged(known, backendIds);
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
      seconds.times[seconds.count % lengths.seconds] = atMs;
      for (const sample of samples) writeRow(blockOf(sample), seconds.count, sample);
      forgetMissing(samples);
      seconds.count += 1;
    },
    read(farmId, fromMs, toMs) {
      const farm = farms.get(farmId);
      return farm === undefined ? null : readFarm(farmId, farm, { seconds, minutes }, fromMs, toMs);
    },
    retention: () => ({ secondsS: lengths.seconds, minutesS: lengths.minutes * 60 }),
    bytes() {
      let bytes = 0;
      for (const { seconds: fine, minutes: coarse } of farms.values())
        for (const track of [...tracksOf(fine), ...tracksOf(coarse)]) bytes += track.bytes();
      return bytes;
    },
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
  if (block.written === sample.backends) return true;
  return (
    block.backendIds.length === sample.backends.length &&
    sample.backends.every(({ backendId }, at) => block.backendIds[at] === backendId)
  );
}

function emptyBlock(backendIds: readonly string[], lengths: Lengths): FarmBlock {
  const tracks = (length: number): FarmTracks => ({
    own: new SeriesTrack(farmColumns, length),
    fields: Array.from({ length: backendColumns }, () => new SeriesTrack(backendIds.length, length)),
  });
  return { backendIds, seconds: tracks(lengths.seconds), minutes: tracks(lengths.minutes), written: null };
}

/** The farm's own values and those of the backends that stay. */
function rearranged(known: FarmBlock, backendIds: readonly string[]): FarmBlock {
  const places = new Map(known.backendIds.map((id, at) => [id, at]));
  const from = backendIds.map((id) => places.get(id) ?? -1);
  const tracks = ({ own, fields }: FarmTracks) => ({ own, fields: fields.map((track) => track.rearranged(from)) });
  return { backendIds, seconds: tracks(known.seconds), minutes: tracks(known.minutes), written: null };
}

function tracksOf({ own, fields }: FarmTracks): readonly SeriesTrack[] {
  return [own, ...fields];
}

function writeRow(block: FarmBlock, index: number, { connect, traffic, backends }: FarmSample): void {
  const { own, fields } = block.seconds;
  const times = [connect, traffic].flatMap((each) => [each?.p50Ms, each?.p95Ms, each?.p99Ms]);
  own.write(index, Uint16Array.from(times, encodeValue));
  if (block.written === backends) for (const track of fields) track.repeat(index);
  else {
    const codes = codesOf(backends);
    const width = backends.length;
    for (const [field, track] of fields.entries())
      track.write(index, codes.subarray(field * width, (field + 1) * width));
  }
  block.written = backends;
}

/** of one call at a time: whoever keeps codes copies them */
let scratch = new Uint16Array(0);

/** Field after field. Hundreds of thousands a second: nothing is made for them. */
function codesOf(backends: readonly BackendSample[]): Uint16Array {
  const width = backends.length;
  if (scratch.length < backendColumns * width) scratch = new Uint16Array(backendColumns * width);
  for (let at = 0; at < width; at++) {
    const backend = backends[at];
    scratch[at] = encodeValue(backend?.newPerS);
    scratch[width + at] = encodeValue(backend?.active);
    scratch[2 * width + at] = encodeValue(backend?.observed?.sharePct);
    scratch[3 * width + at] = encodeValue(backend?.plannedPct);
    scratch[4 * width + at] = encodeValue(backend?.connect?.p50Ms);
    scratch[5 * width + at] = encodeValue(backend?.connect?.p95Ms);
    scratch[6 * width + at] = encodeValue(backend?.traffic?.p50Ms);
    scratch[7 * width + at] = encodeValue(backend?.traffic?.p95Ms);
  }
  return scratch;
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
  const indexes: number[] = [];
  for (let index = seconds.count - 1; index >= Math.max(0, seconds.count - seconds.times.length); index--) {
    if (timeAt(seconds, index) < fromMs) break;
    indexes.push(index);
  }
  // all rows first, then all at once into the ring: who reads meanwhile sees the old ring, whole
  const rows: Uint16Array[][] = [];
  for (const [at, farm] of farms.entries()) {
    if (at % farmsPerPiece === farmsPerPiece - 1) await pause();
    rows.push(tracksOf(farm.seconds).map((track, place) => minuteRow(track, pickOf(place), indexes)));
  }
  minutes.times[minutes.count % minutes.times.length] = fromMs;
  for (const [at, farm] of farms.entries())
    for (const [place, track] of tracksOf(farm.minutes).entries())
      track.write(minutes.count, rows[at]?.[place] ?? new Uint16Array(track.width).fill(unknownCode));
  minutes.count += 1;
}

/** Of a track by its place among all: a farm's own are times. */
function pickOf(place: number): typeof lastKnown {
  return place === 0 || place - 1 >= firstTime ? lastKnown : meanKnown;
}

/** `indexes` newest first. */
function minuteRow(track: SeriesTrack, pick: typeof lastKnown, indexes: readonly number[]): Uint16Array {
  const told = track.isStillSince(indexes.at(-1) ?? 0) ? indexes.slice(0, 1) : indexes;
  return Uint16Array.from({ length: track.width }, (_, member) => encodeValue(pick(track, member, told)));
}

function lastKnown(track: SeriesTrack, member: number, indexes: readonly number[]): number {
  for (const index of indexes) {
    const value = track.at(index, member);
    if (!Number.isNaN(value)) return value;
  }
  return Number.NaN;
}

function meanKnown(track: SeriesTrack, member: number, indexes: readonly number[]): number {
  let sum = 0;
  let count = 0;
  for (const index of indexes) {
    const value = track.at(index, member);
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? Number.NaN : sum / count;
}

function resizeTimes(ring: Ring, length: number): Float64Array {
  const made = new Float64Array(length);
  for (let index = Math.max(0, ring.count - Math.min(length, ring.times.length)); index < ring.count; index++)
    made[index % length] = timeAt(ring, index);
  return made;
}
