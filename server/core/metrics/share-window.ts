/**
 * New connections of a farm's backends since its last change, at most 5 minutes: a ring of slots of a few seconds each.
 * The caller brings the time and adds increments each second. A farm that changes, or whose backends change, starts a new window.
 * Invariant: `sums` always equals the sum over the slots that are still in the ring.
 */

export type ShareWindow = {
  readonly backends: number;
  readonly slotMs: number;
  readonly slots: number;
  /** slot after slot, each with one count a backend; empty until something was counted */
  counts: Uint32Array;
  readonly sums: Float64Array;
  startedAt: number;
  /** number of the newest slot since startedAt */
  newest: number;
};

/** 60 slots of 5 s: 240 bytes a backend, as soon as somebody comes. */
export function emptyShareWindow(backends: number, nowMs: number, slotMs = 5000, slots = 60): ShareWindow {
  return {
    backends,
    slotMs,
    slots,
    counts: new Uint32Array(0),
    sums: new Float64Array(backends),
    startedAt: nowMs,
    newest: 0,
  };
}

/** `increments[i]` belongs to the i-th backend; null (reset, unknown) counts nothing. */
export function addShares(window: ShareWindow, nowMs: number, increments: readonly (number | null)[]): void {
  turnTo(window, nowMs);
  if (!increments.some((grown) => grown !== null && grown > 0)) return;
  if (window.counts.length === 0) window.counts = new Uint32Array(window.backends * window.slots);
  const offset = (window.newest % window.slots) * window.backends;
  for (let index = 0; index < window.backends; index++) {
    const grown = increments[index] ?? 0;
    window.counts[offset + index] = (window.counts[offset + index] ?? 0) + grown;
    window.sums[index] = (window.sums[index] ?? 0) + grown;
  }
}

/** How long the window reaches back now. */
export function windowMs(window: ShareWindow, nowMs: number): number {
  const current = slotNumber(window, nowMs);
  const oldest = Math.max(0, current - window.slots + 1);
  return Math.max(0, nowMs - window.startedAt - oldest * window.slotMs);
}

/** Moves to the slot of `nowMs`, taking out the slots that fall off the far end. */
export function turnTo(window: ShareWindow, nowMs: number): void {
  const wanted = slotNumber(window, nowMs);
  const steps = window.counts.length === 0 ? 0 : Math.min(wanted - window.newest, window.slots);
  for (let step = steps; step > 0; step--) {
    const offset = ((wanted - step + 1) % window.slots) * window.backends;
    for (let index = 0; index < window.backends; index++) {
      window.sums[index] = (window.sums[index] ?? 0) - (window.counts[offset + index] ?? 0);
      window.counts[offset + index] = 0;
    }
  }
  window.newest = Math.max(window.newest, wanted);
}

function slotNumber(window: ShareWindow, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - window.startedAt) / window.slotMs));
}
