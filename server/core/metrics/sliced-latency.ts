/**
 * Latency of one backend over a rolling minute where every sample counts, however many there are: sparse buckets per slice of the window.
 * The caller brings the time. A slice leaves the window whole, so the window is between 50 and 60 s long.
 * Memory: at most one entry for each bucket that a slice has seen, nothing for a backend that was quiet for a minute.
 */
import { type Buckets, bucketOf, emptyBuckets, octaveHistogram, percentilesUs } from "./buckets.ts";
import type { ConnectTime } from "./live.ts";

export type SlicedLatency = { slices: readonly Slice[] };
type Slice = { readonly number: number; readonly counts: Map<number, number>; failed: number };

const sliceMs = 10_000;
const slicesMax = 6;

export function emptySlicedLatency(): SlicedLatency {
  return { slices: [] };
}

/** `us` null = the open failed: counted, never a latency. */
export function addSliced(latency: SlicedLatency, atMs: number, us: number | null): void {
  const slice = sliceAt(latency, atMs);
  if (us === null) slice.failed += 1;
  else {
    const bucket = bucketOf(us);
    slice.counts.set(bucket, (slice.counts.get(bucket) ?? 0) + 1);
  }
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

function sliceAt(latency: SlicedLatency, atMs: number): Slice {
  const number = Math.floor(atMs / sliceMs);
  const newest = latency.slices.at(-1);
  // a clock that was set back adds to the newest
  if (newest !== undefined && newest.number >= number && newest.number - number < slicesMax) return newest;
  const slice = { number, counts: new Map<number, number>(), failed: 0 };
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
      for (const [bucket, count] of slice.counts) {
        buckets[bucket] = (buckets[bucket] ?? 0) + count;
        samples += count;
      }
    }
  return { buckets, samples, failed };
}
