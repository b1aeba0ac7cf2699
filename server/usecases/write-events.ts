/**
 * Keeps the agent's events in the database. Written in batches, and held while the database does not answer; what does not fit any
 * more is forgotten (the agent repeats its last 400 at each connection, also those of its former lives, and a row seen twice is stored once).
 * What happened while nobody listened and is more than the agent repeats is an event itself: that there is a hole.
 */

import type { LiveEvent } from "../core/metrics/live.ts";
import { ok, type Result } from "../core/result.ts";
import type { Database, NewEvent } from "../db/repositories.ts";
import type { StreamMessage } from "../wire/stream.ts";
import type { Deps } from "./deps.ts";
import { ownEvent } from "./own-event.ts";

const heldMax = 1000;
const keepMax = 20_000;
/** pruned after this many batches */
const pruneEvery = 200;

export type EventWriter = {
  receive(message: StreamMessage): void;
  /** The agent is gone: nobody else could write that down. */
  lose(text: string, at: number): void;
  /** Writes what is held; called again and again. */
  flush(): Promise<void>;
};

/** `onOwn` hears of what web itself says about the agent. */
export function createEventWriter(
  deps: Pick<Deps, "database" | "log">,
  onOwn: (event: LiveEvent) => void = () => {},
): EventWriter {
  let bootId: string | null = null;
  let held: NewEvent[] = [];
  /** there was no room for them */
  let dropped = 0;
  let batches = 0;
  let isWriting = false;
  let isLost = false;
  /** where the agent's repetition began, until it is known whether that leaves a hole */
  let begins: readonly Begin[] = [];

  async function withHole(batch: readonly NewEvent[], database: Database): Promise<Result<readonly NewEvent[]>> {
    const holes: { readonly at: number; readonly missing: number }[] = [];
    for (const { bootId: life, event } of begins) {
      const known = await database.events.lastSeq(life);
      if (!known.ok) return known;
      holes.push({ at: event.at, missing: event.seq - (known.value ?? 0) - 1 });
    }
    const away = holes.filter(({ missing }) => missing > 0).map(({ at, missing }) => holeRow(at, missing, awayText));
    const [first] = batch;
    const unkept = dropped > 0 && first !== undefined ? [holeRow(first.at, dropped, unkeptText)] : [];
    return ok([...away, ...unkept, ...batch]);
  }

  async function write(): Promise<void> {
    const batch = held;
    const [unkept, asked] = [dropped, begins];
    const opened = await deps.database();
    const whole = opened.ok ? await withHole(batch, opened.value) : opened;
    const written = opened.ok && whole.ok ? await opened.value.events.append(whole.value) : whole;
    if (!written.ok) return deps.log("events-held", { events: batch.length, detail: written.error.text });
    held = held.filter((event) => !batch.includes(event));
    dropped -= unkept;
    if (begins === asked) begins = [];
    batches++;
    if (opened.ok && batches % pruneEvery === 0) await opened.value.events.prune(keepMax);
  }

  function hold(rows: readonly NewEvent[]): void {
    const known = new Set(held.map(keyOf));
    // told again by the agent while the database does not answer: they must not push out what is only here
    const all = [...held, ...rows.filter((row) => row.bootId === null || !known.has(keyOf(row)))];
    dropped += Math.max(0, all.length - heldMax);
    held = all.slice(-heldMax);
  }

  function tell(kind: "lost" | "back", text: string, at: number): void {
    const event: LiveEvent = { seq: 0, at, kind, farmId: null, backendId: null, text, revision: null };
    hold([ownEvent(kind, text, at)]);
    onOwn(event);
  }

  return {
    receive(message) {
      if (message.type === "event" && isOurs(message.event)) hold([toRow(message.event, bootId)]);
      if (message.type !== "hello") return;
      bootId = message.status.bootId;
      const lives = [...(message.former ?? []), { bootId, events: message.events }];
      begins = lives.flatMap(({ bootId: life, events }) => {
        const [oldest] = events;
        // of a life that leaves no row here it could not be known that its hole was told
        return oldest === undefined || !events.some(isOurs) ? [] : [{ bootId: life, event: oldest }];
      });
      for (const { bootId: life, events } of lives) hold(events.filter(isOurs).map((event) => toRow(event, life)));
      if (isLost) tell("back", "The agent answers again", message.status.at);
      isLost = false;
    },
    lose(text, at) {
      if (!isLost) tell("lost", text, at);
      isLost = true;
    },
    async flush() {
      if (isWriting || held.length === 0) return;
      isWriting = true;
      await write().finally(() => {
        isWriting = false;
      });
    },
  };
}

/** Where what an agent repeats of one of its lives begins. */
type Begin = { readonly bootId: string; readonly event: LiveEvent };

const awayText = "they happened while web was away, and the agent keeps its last ones";
const unkeptText = "the database did not take them for too long";

function holeRow(at: number, missing: number, why: string): NewEvent {
  return ownEvent("limit", `Up to ${missing} events are not known: ${why}`, at);
}

function keyOf({ bootId, seq }: NewEvent): string {
  return `${bootId} ${seq}`;
}

function toRow({ seq, at, kind, farmId, backendId, text }: LiveEvent, bootId: string | null): NewEvent {
  return { bootId, seq, at, kind, farmId, backendId, text, by: null };
}

/** A revision is written down by who records it. */
function isOurs({ revision }: LiveEvent): boolean {
  return revision === null;
}
