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

/** One for all that begin: most backends of thousands are seldom asked, and their zeros are all the same. */
const unread: RunningTotal = Object.freeze({ total: null, last: 0 });
const zero: RunningTotal = Object.freeze({ total: 0, last: 0 });

export function emptyTotal(): RunningTotal {
  return unread;
}

/**
 * The total with one more reading, to be kept instead of the one before. `reading` null = the element was not seen. A counter that is smaller
 * when it is seen again began anew; one that is not was only missed: taking it for a new one would count everything twice.
 */
export function advance(before: RunningTotal, reading: number | null): RunningTotal {
  if (reading === null) return before;
  const isShared = before === unread || before === zero;
  if (isShared && reading === 0) return zero;
  const running = isShared ? { ...before } : before;
  const grown = reading >= running.last ? reading - running.last : reading;
  running.total = (running.total ?? 0) + grown;
  running.last = reading;
  return running;
}

/** Its next reading is of another element of the kernel. */
export function restart(running: RunningTotal): void {
  if (running.last !== 0) running.last = 0;
}
