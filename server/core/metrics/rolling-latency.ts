/**
 * Latency of one backend over a rolling window (60 s): a ring of which bucket each sample fell into, and when. A minute of probes are few
 * samples: percentiles are made from the ring, far fewer numbers than there are buckets.
 * The caller brings the time. At most `samplesMax` samples are held; beyond that the oldest leave early.
 */
import { type Buckets, bucketOf, emptyBuckets, percentilesWithin } from "./buckets.ts";
import type { ConnectTime } from "./live.ts";

export type RollingLatency = {
  readonly windowMs: number;
  readonly samplesMax: number;
  /** ring: when, and which bucket; -1 is a failed probe */
  atMs: Float64Array;
  bucket: Int16Array;
  first: number;
  length: number;
  failed: number;
};

const failedMark = -1;

export function emptyRollingLatency(windowMs = 60_000, samplesMax = 4096): RollingLatency {
  const start = Math.min(16, samplesMax);
  return {
    windowMs,
    samplesMax,
    atMs: new Float64Array(start),
    bucket: new Int16Array(start),
    first: 0,
    length: 0,
    failed: 0,
  };
}

/** `us` null = the probe failed: counted, never a latency. */
export function addLatency(rolling: RollingLatency, atMs: number, us: number | null): void {
  expireLatency(rolling, atMs);
  if (rolling.length === rolling.samplesMax) dropOldest(rolling);
  if (rolling.length === rolling.atMs.length) grow(rolling);
  const slot = (rolling.first + rolling.length) % rolling.atMs.length;
  const bucket = us === null ? failedMark : bucketOf(us);
  rolling.atMs[slot] = atMs;
  rolling.bucket[slot] = bucket;
  rolling.length++;
  if (bucket === failedMark) rolling.failed++;
}

/** Takes out what is older than the window. */
export function expireLatency(rolling: RollingLatency, nowMs: number): void {
  while (rolling.length > 0 && (rolling.atMs[rolling.first] ?? 0) <= nowMs - rolling.windowMs) dropOldest(rolling);
}

/** Percentiles of one backend, or merged over all backends of a farm; null when nothing was measured in the window. */
export function connectTime(rollings: readonly RollingLatency[], nowMs: number): ConnectTime | null {
  let samples = 0;
  let failed = 0;
  for (const rolling of rollings) {
    expireLatency(rolling, nowMs);
    samples += rolling.length - rolling.failed;
    failed += rolling.failed;
  }
  if (samples + failed === 0) return null;
  if (samples === 0) return { p50Ms: null, p95Ms: null, p99Ms: null, samples, failed };
  const [p50, p95, p99] = percentilesOf(rollings, samples).map((us) => us / 1000);
  return { p50Ms: p50 ?? null, p95Ms: p95 ?? null, p99Ms: p99 ?? null, samples, failed };
}

/** Buckets of the samples that are in the ring. */
export function bucketsIn(rolling: RollingLatency): Buckets {
  const buckets = emptyBuckets();
  count(rolling, buckets);
  return buckets;
}

type Range = { lowest: number; highest: number };

/** all zero between two calls: thousands of backends are asked each second */
const scratch = emptyBuckets();

function percentilesOf(rollings: readonly RollingLatency[], samples: number): number[] {
  const range = { lowest: scratch.length, highest: -1 };
  for (const rolling of rollings) count(rolling, scratch, range);
  const found = percentilesWithin(scratch, samples, [50, 95, 99], range);
  scratch.fill(0, range.lowest, range.highest + 1);
  return found;
}

function count(rolling: RollingLatency, into: Buckets, range?: Range): void {
  for (let index = 0; index < rolling.length; index++) {
    const bucket = rolling.bucket[(rolling.first + index) % rolling.bucket.length] ?? failedMark;
    if (bucket === failedMark) continue;
    into[bucket] = (into[bucket] ?? 0) + 1;
    if (range === undefined) continue;
    if (bucket < range.lowest) range.lowest = bucket;
    if (bucket > range.highest) range.highest = bucket;
  }
}

function dropOldest(rolling: RollingLatency): void {
  const bucket = rolling.bucket[rolling.first] ?? failedMark;
  if (bucket === failedMark) rolling.failed--;
  rolling.first = (rolling.first + 1) % rolling.atMs.length;
  rolling.length--;
}

function grow(rolling: RollingLatency): void {
  const size = Math.min(rolling.samplesMax, rolling.atMs.length * 2);
  const atMs = new Float64Array(size);
  const bucket = new Int16Array(size);
  for (let index = 0; index < rolling.length; index++) {
    const from = (rolling.first + index) % rolling.atMs.length;
    atMs[index] = rolling.atMs[from] ?? 0;
    bucket[index] = rolling.bucket[from] ?? failedMark;
  }
  rolling.atMs = atMs;
  rolling.bucket = bucket;
  rolling.first = 0;
}
