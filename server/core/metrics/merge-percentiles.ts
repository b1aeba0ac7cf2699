/**
 * Percentiles of a longer span out of those of its parts, where only the percentiles and a count were kept of each. A part is taken as if
 * it had no other times than its percentiles: each stands for the samples that are nearer to it than to the next one. So an hour's p95 is that of
 * its connections, not of its last minute, a busy minute counts for more than a quiet one, and the result is never outside its parts.
 */
import type { Grid } from "./downsample.ts";

export type PartTimes = {
  /** how many samples it stands on; > 0 */
  readonly weight: number;
  /** in the order of `pcts` */
  readonly values: readonly number[];
};

/** `pcts` ascending, above 0; in their order. null = no part. */
export function mergedPercentiles(parts: readonly PartTimes[], pcts: readonly number[]): number[] | null {
  const bounds = pcts.map((pct, at) => (at === pcts.length - 1 ? 100 : (pct + (pcts[at + 1] ?? 100)) / 2));
  const atoms = parts.flatMap(({ weight, values }) =>
    values.map((value, at) => ({ value, weight: (weight * ((bounds[at] ?? 0) - (bounds[at - 1] ?? 0))) / 100 })),
  );
  if (atoms.length === 0) return null;
  atoms.sort((a, b) => a.value - b.value);
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  let seen = 0;
  let at = 0;
  return pcts.map((pct) => {
    const wanted = (total * pct) / 100;
    while (at < atoms.length - 1 && seen + (atoms[at]?.weight ?? 0) < wanted * (1 - 1e-9))
      seen += atoms[at++]?.weight ?? 0;
    return atoms[at]?.value ?? 0;
  });
}

/** By percentile, one value a bin of the grid; a bin without a part is null. `times` ascending, `parts` as long. */
export function binnedPercentiles(
  grid: Grid,
  times: readonly number[],
  parts: readonly (PartTimes | null)[],
  pcts: readonly number[],
): (number | null)[][] {
  const bins: PartTimes[][] = grid.atMs.map(() => []);
  const first = grid.atMs[0] ?? 0;
  for (const [index, part] of parts.entries()) {
    const at = times[index] ?? 0;
    if (part !== null && at >= grid.fromMs && at < grid.toMs) bins[Math.floor((at - first) / grid.stepMs)]?.push(part);
  }
  const merged = bins.map((each) => mergedPercentiles(each, pcts));
  return pcts.map((_, at) => merged.map((values) => values?.[at] ?? null));
}
