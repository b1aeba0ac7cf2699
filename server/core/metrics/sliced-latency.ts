/**
 * Latency of one backend over a rolling minute where every sample counts, however many there are: sparse buckets per slice of the window.
 * The caller brings the time. A slice leaves the window whole, so the window is between 50 and 60 s long.
 * Memory: at most one small integer for each bucket that a slice has seen (a Map takes three times as much, and there may be 100,000
 * backends), nothing for a backend that was quiet for a minute.
 */
import { type Buckets, bucketOf, emptyBuckets, octaveHistogram, percentilesUs } from "./buckets.ts";
import type { ConnectTime } from "./live.ts";

export type SlicedLatency = { slices: readonly Slice[] };
/** `codes`: a bucket and how often it was seen, as bucket * countMax + count - 1 */
type Slice = { readonly number: number; codes: number[]; failed: number };

const sliceMs = 10_000;
const slicesMax = 6;
/** of one bucket in one slice; what comes beyond is not counted. Codes stay below 2^31, where V8 keeps them in place. */
const countMax = 2 ** 22;

export function emptySlicedLatency(): SlicedLatency {
  return { slices: [] };
}

/** `us` null = the open failed: counted, never a latency. */
export function addSliced(latency: SlicedLatency, atMs: number, us: number | null): void {
  const slice = sliceAt(latency, atMs);
  if (us === null) slice.failed += 1;
  else count(slice, bucketOf(us));
}

/** Percentiles of one backend, or merged over all backends of a farm; null when nothing was seen in the window. */
export function slicedTime(latencies: Iterable<SlicedLatency>, nowMs: number): ConnectTime | null {
  const { buckets, samples, failed } = merged(latencies, nowMs);
  if (samples + failed === 0) return null;
  const [p50, p95, p99] = percentilesUs(buckets, [50, 95, 99]).map((us) => (us === null ? null : us / 1000));
  return { p50Ms: p50 ?? null, p95Ms: p95 ?? null, p99Ms: p99 ?? null, samples, failed };
}

/** One entry for each doubling from the lowest to the highest that was seen; bounds in ms. null = no sample. */
export function slicedHistogram(
  latencies: Iterable<SlicedLatency>,
  nowMs: number,
): { boundsMs: number[]; counts: number[] } | null {
  const { buckets, samples } = merged(latencies, nowMs);
  if (samples === 0) return null;
  return octaveHistogram(buckets);
}

function count(slice: Slice, bucket: number): void {
  const { codes } = slice;
  const lowest = bucket * countMax;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code < lowest || code >= lowest + countMax) continue;
    codes[at] = Math.min(code + 1, lowest + countMax - 1);
    return;
  }
  // most slices see one or two buckets, and a list that is pushed to takes room for seventeen
  slice.codes = [...codes, lowest];
}

function sliceAt(latency: SlicedLatency, atMs: number): Slice {
  const number = Math.floor(atMs / sliceMs);
  const newest = latency.slices.at(-1);
  // a clock that was set back adds to the newest
  if (newest !== undefined && newest.number >= number && newest.number - number < slicesMax) return newest;
  const slice = { number, codes: [], failed: 0 };
  latency.slices = [...latency.slices.filter((each) => isInside(each, number)), slice];
  return slice;
}

function isInside({ number }: Slice, newest: number): boolean {
  return number > newest - slicesMax && number <= newest;
}

function merged(latencies: Iterable<SlicedLatency>, nowMs: number) {
  const buckets: Buckets = emptyBuckets();
  const newest = Math.floor(nowMs / sliceMs);
  let samples = 0;
  let failed = 0;
  for (const latency of latencies)
    for (const slice of latency.slices) {
      if (!isInside(slice, newest)) continue;
      failed += slice.failed;
      for (const code of slice.codes) {
        const bucket = Math.floor(code / countMax);
        const seen = code - bucket * countMax + 1;
        buckets[bucket] = (buckets[bucket] ?? 0) + seen;
        samples += seen;
      }
    }
  return { buckets, samples, failed };
}
