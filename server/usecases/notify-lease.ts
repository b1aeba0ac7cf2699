/**
 * Which of several web processes tells the targets: the one that holds the lease in the database. It is taken only when there is something
 * to tell, extended while messages are under way, and ends by itself when its owner does: then another one tells, late rather than never.
 */
import type { Result } from "../core/result.ts";

export type Lease = {
  /** takes or extends it; false = it is another's, or the database does not answer */
  hold(nowMs: number): Promise<boolean>;
  /** while a message is under way */
  extend(nowMs: number): Promise<void>;
  isHeld(nowMs: number): boolean;
  /** held, and for longer than until somebody extends it */
  isSafe(nowMs: number): boolean;
};

export type LeaseOptions = {
  /** of this process's life */
  readonly owner: string;
  /** longer than a message may take, twice */
  readonly leaseMs: number;
};

/** Writes the row unless it is another's and not over; whether it is the owner's now. */
type Ask = (owner: string, nowMs: number, untilMs: number) => Promise<Result<boolean>>;

export function createLease({ owner, leaseMs }: LeaseOptions, ask: Ask): Lease {
  let untilMs = Number.NEGATIVE_INFINITY;
  // a clock that was set back must not make it last longer
  const isHeld = (nowMs: number) => nowMs < untilMs && untilMs - nowMs <= leaseMs;
  const isSafe = (nowMs: number) => isHeld(nowMs) && untilMs - nowMs > leaseMs / 2;

  async function hold(nowMs: number): Promise<boolean> {
    const held = await ask(owner, nowMs, nowMs + leaseMs);
    if (held.ok) untilMs = held.value ? nowMs + leaseMs : Number.NEGATIVE_INFINITY;
    return held.ok && held.value;
  }

  return {
    hold,
    isHeld,
    isSafe,
    async extend(nowMs) {
      if (isHeld(nowMs) && !isSafe(nowMs)) await hold(nowMs);
    },
  };
}
