import type { Actor } from "../auth/actor.ts";
import type { ChangeView, RevisionView } from "../core/change/views.ts";
import { ok, type Result } from "../core/result.ts";
import type { Database, StoredRevision } from "../db/repositories.ts";
import type { Deps } from "./deps.ts";
import { permit } from "./permit.ts";
import { runtime } from "./runtime.ts";
import { isUntouchedSince } from "./untouched.ts";

export type HistoryPage = {
  /** newest first, at most 50 */
  readonly revisions: readonly RevisionView[];
  /** applying and refused ones, newest first, at most 50 */
  readonly changes: readonly ChangeView[];
};

const pageSize = 50;
/** a revision that touched more farms than this is not offered for undo */
const undoFarmsMax = 20;

/** `before`: only revisions older than this one, for the next page. */
export async function readHistory(
  actor: Actor,
  query: { farmId?: string; before?: { epoch: number; n: number } } = {},
  deps: Deps = runtime(),
): Promise<Result<HistoryPage>> {
  const permitted = permit(actor, "read-history");
  if (!permitted.ok) return permitted;
  const opened = await deps.database();
  if (!opened.ok) return opened;
  const database = opened.value;
  const revisions = await database.revisions.list({ ...query, limit: pageSize });
  if (!revisions.ok) return revisions;
  const farmId = query.farmId;
  const changes = await database.changes.list(farmId === undefined ? { limit: pageSize } : { farmId, limit: pageSize });
  if (!changes.ok) return changes;
  const views = await Promise.all(revisions.value.map((revision) => toView(revision, database)));
  return ok({ revisions: views, changes: changes.value.map(({ actor: _actor, ...change }) => change) });
}

async function toView(revision: StoredRevision, database: Database): Promise<RevisionView> {
  const { epoch, n, at, sentences, farmIds, operations, actor, peerUid } = revision;
  const by = peerUid === null ? actor.name : `${actor.name} (command line, uid ${peerUid})`;
  return { epoch, n, at, by, sentences, farmIds, operations, canUndo: await canUndo(revision, database) };
}

async function canUndo(revision: StoredRevision, database: Database): Promise<boolean> {
  const isChange = revision.operations.some((operation) => operation.type !== "cut");
  if (!isChange || revision.farmIds.length === 0 || revision.farmIds.length > undoFarmsMax) return false;
  for (const farmId of revision.farmIds) {
    const untouched = await isUntouchedSince(revision, farmId, database);
    if (!untouched.ok || !untouched.value) return false;
  }
  return true;
}
