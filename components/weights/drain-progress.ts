/**
 * How a drain goes: connections left, how fast they fall, when none should be left. Pure; one reading a second goes in.
 * The rate is taken over the last half minute, so that it neither jumps nor remembers the time before the drain.
 */
import type { FarmLive } from "@/server/core/metrics/live.ts";

type Reading = { readonly atMs: number; readonly left: number };
export type DrainReadings = ReadonlyMap<string, readonly Reading[]>;

export type DrainProgress = {
  readonly left: number;
  /** connections a second; null while too little is known */
  readonly fallPerS: number | null;
  readonly emptyAtMs: number | null;
};

const windowMs = 30_000;
const leastMs = 3000;

/** Readings of backends that drain now; the others are forgotten. */
export function addReadings(readings: DrainReadings, live: FarmLive): DrainReadings {
  const next = new Map<string, readonly Reading[]>();
  for (const { backendId, adminState, active } of live.backends) {
    if (adminState !== "drain" || active === null) continue;
    const old = readings.get(backendId) ?? [];
    if (old.at(-1)?.atMs === live.at) next.set(backendId, old);
    else
      next.set(backendId, [...old.filter(({ atMs }) => live.at - atMs <= windowMs), { atMs: live.at, left: active }]);
  }
  return next;
}

export function progressOf(readings: DrainReadings, backendId: string): DrainProgress | null {
  const own = readings.get(backendId);
  const first = own?.[0];
  const last = own?.at(-1);
  if (first === undefined || last === undefined) return null;
  const spanMs = last.atMs - first.atMs;
  const fallPerS = spanMs < leastMs ? null : Math.max(0, ((first.left - last.left) * 1000) / spanMs);
  const emptyAtMs = fallPerS === null || fallPerS === 0 ? null : last.atMs + (last.left * 1000) / fallPerS;
  return { left: last.left, fallPerS, emptyAtMs: last.left === 0 ? null : emptyAtMs };
}

/** Backends that became empty by this reading: said once. */
export function emptied(before: DrainReadings, after: DrainReadings): string[] {
  return [...after].flatMap(([backendId, readings]) => {
    const was = before.get(backendId)?.at(-1)?.left ?? 0;
    return was > 0 && readings.at(-1)?.left === 0 ? [backendId] : [];
  });
}
