/** Whether a row says the same as the one before; its time alone is no news. */
import type { FarmLive } from "../core/metrics/live.ts";

export function sameRow(before: FarmLive | undefined, now: FarmLive): boolean {
  if (before === undefined || now.newPerS !== 0 || before.newPerS !== 0) return false;
  return sameValue({ ...before, at: 0 }, { ...now, at: 0 });
}

/** Plain data only. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((each, at) => sameValue(each, b[at]));
  const entries = Object.entries(a);
  return (
    entries.length === Object.keys(b).length && entries.every(([key, value]) => sameValue(value, Reflect.get(b, key)))
  );
}
