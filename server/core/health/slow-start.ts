/** The share of a backend that came up: from a tenth to the whole over a set time. Pure; times in milliseconds. */
import { isHashing } from "../farm/hash-slots.ts";
import type { Farm } from "../farm/types.ts";

const firstPart = 0.1;
/** a table of a hash is dealt anew with each step */
const hashSteps = 10;

/** 0.1..1; 1 = it is over. */
export function slowStartFactor(
  { scheduler, failover: { slowStartS } }: Pick<Farm, "scheduler" | "failover">,
  cameUpAt: number,
  nowMs: number,
): number {
  if (slowStartS === 0) return 1;
  const part = Math.max(0, (nowMs - cameUpAt) / (slowStartS * 1000));
  if (part >= 1) return 1;
  const stepped = isHashing(scheduler) ? Math.floor(part * hashSteps) / hashSteps : part;
  return firstPart + (1 - firstPart) * stepped;
}

/** How long ago it came up, by the factor that it had. */
export function slowStartElapsedMs(slowStartS: number, factor: number): number {
  return Math.max(0, (factor - firstPart) / (1 - firstPart)) * slowStartS * 1000;
}
