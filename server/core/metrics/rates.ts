/**
 * Rates from counter readings. A counter only grows; one that is smaller than before was reset, and the rate of that step is
 * not known: null, never negative and never giant. Counters stay below 2^53, so plain numbers hold them.
 */

export type Reading = { readonly atMs: number; readonly value: number };

/** Per second; null when there is no earlier reading, no time has passed, or the counter was reset. */
export function ratePerS(before: Reading | null, now: Reading): number | null {
  if (before === null) return null;
  const grown = increment(before.value, now.value);
  const elapsedMs = now.atMs - before.atMs;
  return grown === null || elapsedMs <= 0 ? null : (grown * 1000) / elapsedMs;
}

/** What a counter grew by; null when it was reset or was not there before. */
export function increment(before: number | null, now: number | null): number | null {
  return before === null || now === null || !(now >= before) ? null : now - before;
}

/** The whole of a farm from its backends: null when one of them is not known, because a part is not the sum. */
export function sumKnown(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? null;
    if (value === null) return null;
    sum += value;
  }
  return sum;
}

/** The same for many counters at once: NaN stands for null, `out` is filled and returned. */
export function ratesInto(out: Float64Array, before: Float64Array, now: Float64Array, elapsedMs: number): Float64Array {
  for (let index = 0; index < out.length; index++) {
    const grown = (now[index] ?? Number.NaN) - (before[index] ?? Number.NaN);
    out[index] = grown >= 0 && elapsedMs > 0 ? (grown * 1000) / elapsedMs : Number.NaN;
  }
  return out;
}
