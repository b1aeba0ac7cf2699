/**
 * Mergeable logarithmic buckets for times in microseconds, and percentiles out of them.
 * Each bucket is 2^(1/16) = 1.044 times as wide as the one before, from 1 us to 134 s; the ends take what lies outside.
 * A percentile answers the geometric middle of its bucket, so it is wrong by at most 2.2 % (`percentileErrorMax`).
 * Invariant: the buckets of a union are the sum of the buckets, so farms merge over backends without averaging percentiles.
 */

/** one octave is a doubling */
export const bucketsPerOctave = 16;
const octaves = 27;

/** Index 0 takes everything up to 1 us, the last one everything above 2^27 us. */
const bucketCount = bucketsPerOctave * octaves + 1;

/** Largest relative error of a percentile for times within 1 us to 134 s. */
export const percentileErrorMax = 2 ** (1 / (2 * bucketsPerOctave)) - 1;

export type Buckets = Uint32Array;

export function emptyBuckets(): Buckets {
  return new Uint32Array(bucketCount);
}

export function bucketOf(us: number): number {
  if (!(us > 1)) return 0;
  return Math.min(bucketCount - 1, Math.ceil(Math.log2(us) * bucketsPerOctave - 1e-9));
}

/** Upper bound of a bucket; what equals it is inside. */
export function bucketBoundUs(index: number): number {
  return 2 ** (index / bucketsPerOctave);
}

/** Geometric middle of a bucket. */
export function bucketMiddleUs(index: number): number {
  return index === 0 ? 1 : 2 ** ((index - 0.5) / bucketsPerOctave);
}

export function addTo(buckets: Buckets, us: number): void {
  const index = bucketOf(us);
  buckets[index] = (buckets[index] ?? 0) + 1;
}

/** Adds the counts of `from` to `into`. */
function mergeInto(into: Buckets, from: Buckets): void {
  for (let index = 0; index < bucketCount; index++) into[index] = (into[index] ?? 0) + (from[index] ?? 0);
}

export function mergeBuckets(parts: Iterable<Buckets>): Buckets {
  const merged = emptyBuckets();
  for (const part of parts) mergeInto(merged, part);
  return merged;
}

export function samplesIn(buckets: Buckets): number {
  let sum = 0;
  for (const count of buckets) sum += count;
  return sum;
}

/** The smallest bucket that at least `pct` percent of the samples do not exceed; null without samples. */
export function percentileUs(buckets: Buckets, pct: number): number | null {
  const [value] = percentilesUs(buckets, [pct]);
  return value ?? null;
}

/** Several percentiles in one pass; `pcts` ascending. */
export function percentilesUs(buckets: Buckets, pcts: readonly number[]): (number | null)[] {
  const samples = samplesIn(buckets);
  if (samples === 0) return pcts.map(() => null);
  return percentilesWithin(buckets, samples, pcts, { lowest: 0, highest: bucketCount - 1 });
}

/** The same where it is known how many samples there are, at least one, and in which buckets. */
export function percentilesWithin(
  buckets: Buckets,
  samples: number,
  pcts: readonly number[],
  { lowest, highest }: { readonly lowest: number; readonly highest: number },
): number[] {
  let seen = 0;
  let index = lowest - 1;
  return pcts.map((pct) => {
    const rank = Math.max(1, Math.ceil((pct / 100) * samples - 1e-9));
    while (seen < rank && index < highest) seen += buckets[++index] ?? 0;
    return bucketMiddleUs(Math.max(0, index));
  });
}

/** One entry for each doubling from the lowest to the highest that was seen, by upper bound in ms. At least one sample. */
export function octaveHistogram(buckets: Buckets): { boundsMs: number[]; counts: number[] } {
  const octaves: number[] = [];
  for (const [index, count] of buckets.entries()) {
    const octave = Math.ceil(index / bucketsPerOctave);
    octaves[octave] = (octaves[octave] ?? 0) + count;
  }
  const first = octaves.findIndex((count) => count > 0);
  const last = octaves.findLastIndex((count) => count > 0);
  const counts = octaves.slice(first, last + 1);
  return { counts, boundsMs: counts.map((_, at) => bucketBoundUs((first + at) * bucketsPerOctave) / 1000) };
}
