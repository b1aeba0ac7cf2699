/**
 * History to at most 120 points for a chart. Bins start at multiples of their width, so that points do not shift from one
 * refresh to the next. A bin without a known sample is null: a gap stays a gap, nothing is joined or smoothed.
 * NaN in the input stands for "not known", which is how typed arrays store null. Times are epoch milliseconds.
 */

export const pointsMax = 120;

const niceStepsS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

export type Grid = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  /** start of each bin, ascending, at most `pointsMax` */
  readonly atMs: readonly number[];
};

/** mean: of the known samples (rates, shares). last: the newest known one (percentiles are never averaged). max: peaks. */
export type Pick = "mean" | "last" | "max";

/** The finest round step, not finer than the samples, that needs no more than `points` bins. */
export function gridFor(fromMs: number, toMs: number, sampleStepMs = 1000, points = pointsMax): Grid {
  const spanMs = Math.max(0, toMs - fromMs);
  // One bin more than the span needs: the step depends on the span alone, however its ends fall between two bins.
  const fits = niceStepsS.find((s) => s * 1000 >= sampleStepMs && Math.ceil(spanMs / (s * 1000)) + 1 <= points);
  const stepMs = fits === undefined ? Math.ceil(spanMs / (points - 1) / 86_400_000) * 86_400_000 : fits * 1000;
  const first = Math.floor(fromMs / stepMs) * stepMs;
  const atMs = Array.from({ length: binsOf(fromMs, toMs, stepMs) }, (_, index) => first + index * stepMs);
  return { fromMs, toMs, stepMs, atMs };
}

/** `times` ascending, `values` as long. Samples outside fromMs..toMs (exclusive end) are left out. */
export function downsample(
  grid: Grid,
  times: ArrayLike<number>,
  values: ArrayLike<number>,
  pick: Pick = "mean",
): (number | null)[] {
  const bins = grid.atMs.length;
  const counts = new Float64Array(bins);
  const held = new Float64Array(bins);
  const first = grid.atMs[0] ?? 0;
  for (let index = 0; index < times.length; index++) {
    const at = times[index] ?? 0;
    const value = values[index] ?? Number.NaN;
    if (at < grid.fromMs || at >= grid.toMs || Number.isNaN(value)) continue;
    const bin = Math.floor((at - first) / grid.stepMs);
    held[bin] = combine(pick, held[bin] ?? 0, value, counts[bin] ?? 0);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return Array.from(counts, (count, bin) => settle(pick, held[bin] ?? 0, count));
}

function combine(pick: Pick, held: number, value: number, count: number): number {
  if (pick === "mean") return held + value;
  if (pick === "last" || count === 0) return value;
  return Math.max(held, value);
}

function settle(pick: Pick, held: number, count: number): number | null {
  if (count === 0) return null;
  return pick === "mean" ? held / count : held;
}

function binsOf(fromMs: number, toMs: number, stepMs: number): number {
  return Math.max(0, Math.ceil(toMs / stepMs) - Math.floor(fromMs / stepMs));
}
