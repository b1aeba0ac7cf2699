/**
 * Events that are known from several sides (the agent's stream, the database, web itself), each once: a revision by its number and farm,
 * an event of the agent by its place in that life of the agent, web's own by moment and words.
 */
import type { LiveEvent } from "./live.ts";

export type KnownEvent = { readonly key: string; readonly event: LiveEvent };

/** `bootId`: the agent's life it belongs to, null = web's own. `epoch`: of the revision, if it is one. */
export function knownEvent(
  event: LiveEvent,
  { bootId, epoch }: { readonly bootId: string | null; readonly epoch: number | null },
): KnownEvent {
  const { revision, farmId, seq, at, text } = event;
  if (revision !== null) return { key: `revision ${epoch}.${revision} ${farmId}`, event };
  return { key: bootId === null ? `${at} ${text}` : `${bootId} ${seq}`, event };
}

/** The newest `max` of both, oldest first; of two of the same key the first list's stays. */
export function mergeKnown(have: readonly KnownEvent[], more: readonly KnownEvent[], max: number): KnownEvent[] {
  const keys = new Set(have.map(({ key }) => key));
  const fresh = more.filter(({ key }) => !keys.has(key) && keys.add(key));
  if (fresh.length === 0) return have.slice(-max);
  return [...have, ...fresh].sort((a, b) => a.event.at - b.event.at).slice(-max);
}
