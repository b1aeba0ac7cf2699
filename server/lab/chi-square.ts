/** How far counts are from planned shares, and whether chance alone explains it (once in a million, so a test does not cry wolf). */

/** critical values of chi-square at p = 1e-6, by degrees of freedom */
const criticalByFreedom = [0, 23.93, 27.63, 30.66, 33.38];

export function chiSquare(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  return counts.reduce((sum, count, i) => {
    const expected = (total * (shares[i] ?? 0)) / whole;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

export function criticalValue(categories: number): number {
  const value = criticalByFreedom[categories - 1];
  if (value === undefined) throw new Error(`no critical value for ${categories} categories`);
  return value;
}
