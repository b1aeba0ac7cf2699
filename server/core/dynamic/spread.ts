/**
 * How measured times spread: each with its weight. A fresh time may weigh more than an old one, so that a percentile looks through the same
 * window as the mean beside it. Made for words, each second of thousands of backends: one sort a farm, and a look at the slowest few.
 */

export type Spread = {
  /** ms */
  readonly times: readonly number[];
  /** as long; null = each weighs 1 */
  readonly weights: readonly number[] | null;
};

export const nothingSpread: Spread = { times: [], weights: null };

export type Tail = { readonly ownMs: number; readonly othersMs: number };

/** below this weight there is one time at most, and a percentile would be a big word for it */
const weightMin = 1.5;
/** and what rounding makes of it */
const beyond = 0.05 * (1 + 1e-9);

/** One time of one of them. */
type Entry = { readonly ms: number; readonly weight: number; readonly of: number };

/** p95 of each against that of all the others together, in their order; null where one of both has too few times. */
export function tailsOf(spreads: readonly Spread[]): (Tail | null)[] {
  const entries: Entry[] = [];
  const totals = spreads.map(({ times, weights }, of) => {
    let total = 0;
    for (let at = 0; at < times.length; at++) {
      const weight = weights === null ? 1 : (weights[at] ?? 0);
      total += weight;
      entries.push({ ms: times[at] ?? 0, weight, of });
    }
    return total;
  });
  entries.sort((a, b) => b.ms - a.ms);
  const all = totals.reduce((sum, each) => sum + each, 0);
  return totals.map((own, of) => {
    if (own < weightMin || all - own < weightMin) return null;
    return { ownMs: p95Ms(entries, own, of, true), othersMs: p95Ms(entries, all - own, of, false) };
  });
}

/** From the slowest down until more than a twentieth was seen. */
function p95Ms(entries: readonly Entry[], total: number, of: number, isOwn: boolean): number {
  let seen = 0;
  for (const entry of entries) {
    if ((entry.of === of) !== isOwn) continue;
    seen += entry.weight;
    if (seen > total * beyond) return entry.ms;
  }
  return 0;
}
