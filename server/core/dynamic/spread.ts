/**
 * How measured times spread: their weight by bucket of core/metrics/buckets.ts, sparse. A fresh time may weigh more than an old one, so
 * that a percentile looks through the same window as the mean beside it. Percentiles are as wrong as their buckets are wide.
 */
import { bucketMiddleUs, bucketOf } from "../metrics/buckets.ts";

export type Spread = ReadonlyMap<number, number>;

/** Each of these times weighs the same. */
export function spreadOf(timesMs: Iterable<number>): Spread {
  const spread = new Map<number, number>();
  for (const ms of timesMs) {
    const bucket = bucketOf(ms * 1000);
    spread.set(bucket, (spread.get(bucket) ?? 0) + 1);
  }
  return spread;
}

export type Tail = { readonly ownMs: number; readonly othersMs: number };

/** below this weight there is one time at most, and a percentile would be a big word for it */
const weightMin = 1.5;
const beyond = 0.05;

/** p95 of each against that of all the others together, in their order; null where one of both has too few times. */
export function tailsOf(spreads: readonly Spread[]): (Tail | null)[] {
  const all = new Map<number, number>();
  for (const spread of spreads) for (const [bucket, weight] of spread) all.set(bucket, (all.get(bucket) ?? 0) + weight);
  const falling = Array.from(all).sort(([a], [b]) => b - a);
  const totals = spreads.map(weightOf);
  const total = totals.reduce((sum, each) => sum + each, 0);
  return spreads.map((spread, at) => {
    const own = totals[at] ?? 0;
    if (own < weightMin || total - own < weightMin) return null;
    return {
      ownMs: p95Ms(falling, own, (bucket) => spread.get(bucket) ?? 0),
      othersMs: p95Ms(falling, total - own, (bucket, weight) => weight - (spread.get(bucket) ?? 0)),
    };
  });
}

function weightOf(spread: Spread): number {
  let sum = 0;
  for (const weight of spread.values()) sum += weight;
  return sum;
}

/** From the slowest down until more than a twentieth was seen; few buckets are looked at. */
function p95Ms(
  falling: readonly (readonly [number, number])[],
  total: number,
  part: (bucket: number, weight: number) => number,
): number {
  let seen = 0;
  for (const [bucket, weight] of falling) {
    seen += part(bucket, weight);
    if (seen > total * beyond * (1 + 1e-9)) return bucketMiddleUs(bucket) / 1000;
  }
  return 0;
}
