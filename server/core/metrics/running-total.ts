/**
 * Totals that only grow, out of kernel counters that do not: a counter begins anew when its element is made anew (maintenance and
 * back, a flushed table, another id). What was counted until then stays in the total.
 * null = nothing was read yet, so nothing is known.
 */

export type RunningTotal = {
  total: number | null;
  /** the kernel's counter when it was last read; 0 = never, or of another element */
  last: number;
};

export function emptyTotal(): RunningTotal {
  return { total: null, last: 0 };
}

/**
 * `reading` null = the element was not seen. A counter that is smaller when it is seen again began anew; one that is not was only missed:
 * taking it for a new one would count everything twice.
 */
export function advance(running: RunningTotal, reading: number | null): void {
  if (reading === null) return;
  const grown = reading >= running.last ? reading - running.last : reading;
  running.total = (running.total ?? 0) + grown;
  running.last = reading;
}
