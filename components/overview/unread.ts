/** Whether the feed tells of an event that the page, read from the log before, does not show yet, and when it is read again. */
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

export type RereadDeps = {
  readonly reread: () => void;
  /** the newest event is not on the page still */
  readonly isMissing: () => boolean;
  /** one at a time: what was planned before is forgotten */
  readonly plan: (ms: number, task: () => void) => void;
};

/** The web process writes events down shortly after they arrive, on a busy machine later: what is missing then is looked for again. */
const waitsMs = [1200, 2500, 6000, 12_000];

/** What is to be called with each new event. Many in a row do not put reading off. */
export function createReread({ reread, isMissing, plan }: RereadDeps): () => void {
  let isSoon = false;
  const planNext = (turn: number) => {
    const waitMs = waitsMs[turn];
    if (waitMs === undefined) return;
    plan(waitMs, () => {
      isSoon = false;
      if (turn > 0 && !isMissing()) return;
      reread();
      planNext(turn + 1);
    });
  };
  return () => {
    if (isSoon) return;
    isSoon = true;
    planNext(0);
  };
}
