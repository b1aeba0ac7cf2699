/** What happened, for people: the newest events in memory, each told to whoever listens. The log on stderr has them too. */
import type { LiveEvent } from "../core/metrics/live.ts";

type EventInput = {
  readonly kind: LiveEvent["kind"];
  readonly text: string;
  readonly farmId?: string | null;
  readonly backendId?: string | null;
  readonly revision?: number | null;
};

export type Events = {
  add(input: EventInput): void;
  newest(): readonly LiveEvent[];
};

export const eventsMax = 400;
const sameTextPauseMs = 5000;

/** The same text of the same backend within 5 s is told once: a child that dies every second must not drown everything else. */
export function createEvents(now: () => number, onEvent: (event: LiveEvent) => void): Events {
  let kept: LiveEvent[] = [];
  let seq = 0;
  return {
    add({ kind, text, farmId = null, backendId = null, revision = null }) {
      const at = now();
      const isOnce = kind === "change" || kind === "up" || kind === "down" || revision !== null;
      const isSame = (each: LiveEvent) =>
        each.text === text &&
        each.farmId === farmId &&
        each.backendId === backendId &&
        Math.abs(at - each.at) < sameTextPauseMs;
      const isRepeat = !isOnce && kept.some(isSame);
      if (isRepeat) return;
      seq += 1;
      const event = { seq, at, kind, text, farmId, backendId, revision };
      kept = [...kept, event].slice(-eventsMax);
      onEvent(event);
    },
    newest: () => kept,
  };
}
