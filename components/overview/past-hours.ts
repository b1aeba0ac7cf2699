/** The last hours of farms as a page holds them: which to ask for, and what to draw of them. Pure. */

import type { FarmWord } from "@/server/core/farm/types.ts";
import { type PastHour, type PastHours, pastMinutes } from "@/server/core/metrics/past-hour.ts";
import type { TrafficPoint } from "./traffic.ts";

export type KnownHour = PastHour & {
  readonly toMs: number;
  /** when it was read, by the reader's clock */
  readonly readAt: number;
};
export type KnownHours = ReadonlyMap<string, KnownHour>;

const minuteMs = 60_000;
/** a little less than the time after which they are read again, so that none waits for another round */
const freshMs = 50_000;

/** Those that were never read, and those that are a minute old. */
export function dueIds(known: KnownHours, farmIds: readonly string[], nowMs: number): string[] {
  return farmIds.filter((id) => nowMs - (known.get(id)?.readAt ?? 0) >= freshMs);
}

export function withHours(known: KnownHours, { toMs, farms }: PastHours, readAt: number): KnownHours {
  const next = new Map(known);
  for (const farm of farms) next.set(farm.farmId, { ...farm, toMs, readAt });
  return next;
}

/**
 * Where hours that stand one under the other begin, and for the heading how long they are: ", 1 h". A balancer that has just started fills
 * the width with what there is; null = nothing is known of any.
 */
export function spanOf(hours: readonly KnownHour[]): { readonly fromMs: number | null; readonly span: string } {
  const firsts = hours.flatMap((hour) => {
    const at = hour.words.findIndex((word, place) => word !== null || (hour.newPerS[place] ?? null) !== null);
    return at < 0 ? [] : [momentOf(hour, at)];
  });
  if (firsts.length === 0) return { fromMs: null, span: "" };
  const fromMs = Math.min(...firsts);
  const minutes = Math.max(1, Math.round((Math.max(...hours.map(({ toMs }) => toMs)) - fromMs) / minuteMs));
  return { fromMs, span: minutes >= pastMinutes ? ", 1 h" : `, ${minutes} min` };
}

export function trafficOf(hour: KnownHour, fromMs: number): TrafficPoint[] {
  return hour.newPerS
    .map((newPerS, at) => ({ at: momentOf(hour, at), newPerS, active: hour.active[at] ?? null }))
    .filter(({ at }) => at >= fromMs);
}

export function wordsOf(hour: KnownHour, fromMs: number): (FarmWord | null)[] {
  return hour.words.filter((_, at) => momentOf(hour, at) >= fromMs);
}

function momentOf({ toMs }: KnownHour, at: number): number {
  return toMs - (pastMinutes - at) * minuteMs;
}
