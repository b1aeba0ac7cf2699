/**
 * Brings the farm rows to a revision the agent accepted. A revision that does not follow the last known one means that others
 * were made meanwhile (command line, another request): the journal is read first, and holds this one too.
 */
import { farmIdsOf } from "../core/change/apply-operation.ts";
import { eventKindOf } from "../core/change/event-kind.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { AcceptedRevision, Database, NewEvent } from "../db/repositories.ts";
import type { JournalEntry } from "../wire/agent.ts";
import type { Deps } from "./deps.ts";

const gapTries = 5;
const gapWaitMs = 200;

export async function recordRevision(
  revision: AcceptedRevision,
  database: Database,
  deps: Pick<Deps, "agent" | "wait">,
): Promise<Result<null>> {
  const accepted = await accept(revision, database);
  if (accepted.ok || accepted.error.code !== "conflict") return accepted;
  const caughtUp = await catchUp(database, deps);
  return caughtUp.ok ? accept(revision, database) : caughtUp;
}

/** Inserts what the journal holds after the last known revision; answers how many. "conflict": the journal does not lead on from there. */
export async function catchUp(database: Database, deps: Pick<Deps, "agent" | "wait">): Promise<Result<number>> {
  let inserted = 0;
  for (;;) {
    const position = await database.farms.position();
    if (!position.ok) return position;
    const { epoch, n } = position.value;
    const journal = await journalAfter(epoch, n, deps);
    if (!journal.ok) return journal;
    if (journal.value.entries.length === 0) return ok(inserted);
    for (const entry of journal.value.entries) {
      const accepted = await acceptEntry(entry, database);
      if (!accepted.ok) return accepted;
      inserted++;
    }
    if (journal.value.entries.at(-1)?.n === journal.value.n) return ok(inserted);
  }
}

/** The agent counts a revision a moment before its journal shows it: a gap is one only when it stays. */
async function journalAfter(epoch: number, n: number, deps: Pick<Deps, "agent" | "wait">) {
  for (let asked = 1; ; asked++) {
    const journal = await deps.agent.journal(epoch, n);
    if (!journal.ok) return journal;
    const isGap = journal.value.epoch !== epoch || (journal.value.entries.length === 0 && journal.value.n > n);
    if (!isGap) return journal;
    if (asked === gapTries)
      return fail("conflict", "The agent's journal does not lead on from the last known revision");
    await deps.wait(gapWaitMs);
  }
}

async function acceptEntry(entry: JournalEntry, database: Database): Promise<Result<null>> {
  const known = await database.changes.stateOf(entry.uuid);
  if (!known.ok) return known;
  const isForeign = known.value === null;
  const by = entry.actor.name !== "" ? entry.actor : { id: `uid:${entry.peerUid}`, name: `uid ${entry.peerUid}` };
  return accept({ ...entry, actor: by, peerUid: isForeign ? entry.peerUid : null }, database);
}

/** The revision itself, and once its line in the events: what changed, and who did it. */
async function accept(revision: AcceptedRevision, database: Database): Promise<Result<null>> {
  const accepted = await database.farms.accept(revision, eventOf(revision));
  return accepted.ok ? ok(null) : accepted;
}

/** In the place of an agent's life: so that a revision has one line, whoever writes it. */
const revisionLife = "revision-";

/** Of the revision an event tells, null when it tells none. */
export function epochOfEvent(bootId: string | null): number | null {
  return bootId?.startsWith(revisionLife) ? Number(bootId.slice(revisionLife.length)) : null;
}

/** Its line in the log: once, whoever writes it. */
export function eventOf({ epoch, n, at, sentences, operations, actor }: AcceptedRevision): NewEvent {
  const farmIds = farmIdsOf(operations);
  const [first] = sentences;
  const more = sentences.length > 1 ? ` (and ${sentences.length - 1} more)` : "";
  const text = first === undefined ? `Revision ${n}` : `${first}${more}`;
  const farmId = farmIds.length === 1 ? (farmIds[0] ?? null) : null;
  const kind = eventKindOf(operations);
  return { bootId: `${revisionLife}${epoch}`, seq: n, at, kind, farmId, backendId: null, text, by: actor.name };
}
