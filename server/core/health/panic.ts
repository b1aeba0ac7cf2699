/**
 * When failures are not believed: more than `panicPct` of a group fail at once while nothing else could take over, so the cause is
 * rather the check, its network or the balancer's. What is left is kept then. A group is the backends of one farm that share the load:
 * of one family and tier. Pure; times in milliseconds.
 */

export type Candidate = {
  /** when its checks began to say down; null = they do not */
  readonly downAt: number | null;
  /** its failing is believed: it is out */
  readonly isOut: boolean;
};

/** Fails "at once" is within this window. */
export function panicWindowMs(intervalMs: number): number {
  return Math.max(10_000, 3 * intervalMs);
}

/** After this long without another failure, and while somebody answers, the checks are believed again. */
export const believedAfterMs = 60_000;

/**
 * Whether the next failure of this group is not to be believed. One alone is never a panic: nothing says then that the check is wrong.
 * `candidates` include the failing ones; `panicPct` 100 = always believed.
 */
export function isPanic(candidates: readonly Candidate[], panicPct: number, windowMs: number, nowMs: number): boolean {
  const failing = candidates.filter(({ downAt }) => downAt !== null && nowMs - downAt <= windowMs).length;
  return failing > 1 && failing * 100 > candidates.length * panicPct;
}

/** Whether a panic goes on: too many still fail, and either nobody is left who answers or it is not long ago. */
export function staysPanic(candidates: readonly Candidate[], panicPct: number, nowMs: number): boolean {
  const downAts = candidates.flatMap(({ downAt }) => (downAt === null ? [] : [downAt]));
  if (downAts.length * 100 <= candidates.length * panicPct) return false;
  if (candidates.every(({ downAt }) => downAt !== null)) return true;
  return nowMs - Math.max(...downAts) < believedAfterMs;
}
