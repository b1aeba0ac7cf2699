/**
 * Times counted for good, for the histograms that monitoring reads: one bucket for each doubling, whose bounds are bounds of the finer
 * buckets.ts too. Seconds outside, microseconds inside. Counts only grow.
 */
import { bucketBoundUs, bucketOf, bucketsPerOctave } from "./buckets.ts";

const octaveFirst = 6;
const octaveLast = 24;

/** Upper bounds in seconds, from 64 us to 16.8 s. */
export const timeBoundsS: readonly number[] = Array.from(
  { length: octaveLast - octaveFirst + 1 },
  (_, at) => bucketBoundUs((octaveFirst + at) * bucketsPerOctave) / 1e6,
);

export type TimeHistogram = {
  /** by bound, not summed up; the last takes what is above all bounds */
  readonly counts: Float64Array;
  sumS: number;
};

export function emptyTimeHistogram(): TimeHistogram {
  return { counts: new Float64Array(timeBoundsS.length + 1), sumS: 0 };
}

export function addTime(histogram: TimeHistogram, us: number): void {
  const octave = Math.ceil(bucketOf(us) / bucketsPerOctave);
  const at = Math.min(timeBoundsS.length, Math.max(0, octave - octaveFirst));
  histogram.counts[at] = (histogram.counts[at] ?? 0) + 1;
  histogram.sumS += us / 1e6;
}

/** Adds the counts of `from` to `into`. */
export function addTimes(into: TimeHistogram, from: TimeHistogram): void {
  for (let at = 0; at < into.counts.length; at++) into.counts[at] = (into.counts[at] ?? 0) + (from.counts[at] ?? 0);
  into.sumS += from.sumS;
}
