/**
 * Totals that only grow, out of kernel counters that do not: a counter begins anew when its element is made anew (maintenance and
 * back, a flushed table, another id). What was counted until then stays in the total.
 * null = nothing was read yet, so nothing is known.
 */

export type RunningTotal = {
  total: number | null;
  /** the kernel's counter when it was last read; 0 = its element is gone */
  last: number;
};

export function emptyTotal(): RunningTotal {
  return { total: null, last: 0 };
}

/** `reading` null = the element is not there: it counts nothing, and begins at 0 when it comes back. */
export function advance(running: RunningTotal, reading: number | null): void {
  if (reading === null) {
    running.last = 0;
    return;
  }
  const grown = reading >= running.last ? reading - running.last : reading;
  running.total = (running.total ?? 0) + grown;
  running.last = reading;
}
