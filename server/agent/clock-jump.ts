/**
 * By how much the wall clock was set since it was last asked. What is kept by that clock across rounds (since when, until when) is moved
 * along, so that nothing comes early or late and nothing old counts as fresh.
 */

const jumpMs = 2000;

/** Milliseconds, negative = it was set back; 0 = it went on as clocks do. */
export function createClockJump(wallMs: () => number, monotonicMs: () => number): () => number {
  let last: { readonly wall: number; readonly steady: number } | null = null;
  return () => {
    const now = { wall: wallMs(), steady: monotonicMs() };
    const byMs = last === null ? 0 : now.wall - last.wall - (now.steady - last.steady);
    last = now;
    return Math.abs(byMs) < jumpMs ? 0 : Math.round(byMs);
  };
}

/** A moment of the past, as the clock says it now. What was noted since the jump may be right already: it never gets into the future. */
export function movedAlong(atMs: number, byMs: number, nowMs: number): number {
  if (byMs < 0 && atMs <= nowMs) return atMs;
  return Math.min(nowMs, atMs + byMs);
}
