/** The newest written down events as the agent tells them, for a live feed that begins or begins anew. Nothing about people. */
import { type KnownEvent, knownEvent } from "../core/metrics/known-events.ts";
import { type LiveEvent, liveEventKinds } from "../core/metrics/live.ts";
import { ok, type Result } from "../core/result.ts";
import type { Database, NewEvent } from "../db/repositories.ts";
import type { Deps } from "./deps.ts";
import { epochOfEvent } from "./record-revision.ts";

const newestMax = 100;
/** a change of more farms marks only the first ones, as the agent does */
const farmsMax = 20;

export async function readKnownEvents(deps: Pick<Deps, "database">): Promise<Result<readonly KnownEvent[]>> {
  const database = await deps.database();
  if (!database.ok) return database;
  const rows = await database.value.events.newest(liveEventKinds, newestMax);
  if (!rows.ok) return rows;
  const known: KnownEvent[] = [];
  for (const row of rows.value) known.push(...(await toKnown(row, database.value)));
  return ok(known);
}

/** An event as it was written down, for everyone it is about; none when it is about people. */
export async function toKnown(row: NewEvent, database: Database): Promise<KnownEvent[]> {
  const { bootId, at, farmId, backendId, kind } = row;
  if (kind === "sign-in" || kind === "people" || kind === "notify") return [];
  const seq = row.seq ?? 0;
  const epoch = epochOfEvent(bootId);
  const base: LiveEvent = { seq, at, kind, farmId, backendId, text: row.text, revision: null };
  if (epoch === null) return [knownEvent(base, { bootId, epoch })];
  const text = row.text === `Revision ${seq}` ? row.text : `Revision ${seq}: ${row.text}`;
  const farmIds = farmId === null ? await farmIdsOf(epoch, seq, database) : [farmId];
  return farmIds.map((id) => knownEvent({ ...base, farmId: id, text, revision: seq }, { bootId, epoch }));
}

/** A line about several farms names none of them. */
async function farmIdsOf(epoch: number, n: number, database: Database): Promise<readonly string[]> {
  const revision = await database.revisions.get(epoch, n);
  return revision.ok ? revision.value.farmIds.slice(0, farmsMax) : [];
}
