/** Whether the feed tells of an event that the page, read from the log before, does not show yet. Pure. */
import type { LiveEvent } from "@/server/core/metrics/live.ts";

export function eventKey(event: LiveEvent | undefined): string | null {
  return event === undefined ? null : `${event.at}.${event.seq}`;
}

/**
 * `last`: the newest event of the feed; `seenKey`: the one before; `shownAtMs`: time of the newest event on the page, null = it shows
 * none. The feed's first answer brings events that the page has, unless they were written down only after it was read.
 */
export function isUnread(last: LiveEvent | undefined, seenKey: string | null, shownAtMs: number | null): boolean {
  if (last === undefined || eventKey(last) === seenKey) return false;
  return seenKey !== null || shownAtMs === null || last.at > shownAtMs;
}
