/** A line of the log that web itself writes, about no farm: the agent did not say it, so it has no place among its events. */
import type { NewEvent } from "../db/repositories.ts";

/** `by`: who did it; null = nobody did. */
export function ownEvent(kind: NewEvent["kind"], text: string, at: number, by: string | null = null): NewEvent {
  return { bootId: null, seq: null, at, kind, farmId: null, backendId: null, text, by };
}
