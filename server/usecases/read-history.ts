import type { Actor } from "../auth/actor.ts";
import { listIdsOf } from "../core/change/apply-operation.ts";
import { canonicalJson } from "../core/change/digest.ts";
import type { ChangeView, RevisionView } from "../core/change/views.ts";
import { ok, type Result } from "../core/result.ts";
import type { Database, StoredRevision } from "../db/repositories.ts";
import type { Deps } from "./deps.ts";
import { permit } from "./permit.ts";
import { runtime } from "./runtime.ts";
import { isListUntouchedSince, isUntouchedSince } from "./untouched.ts";

export type HistoryPage = {
  /** newest first, at most 50 */
  readonly revisions: readonly RevisionView[];
  /** applying and refused ones, newest first, at most 50 */
  readonly changes: readonly ChangeView[];
};

const pageSize = 50;
/** a revision that touched more farms and lists than this is not offered for undo */
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
  const restorable = await restorableOf(revisions.value, farmId, database);
  if (!restorable.ok) return restorable;
  const views = await Promise.all(
    revisions.value.map((revision) => toView(revision, restorable.value.has(revision), database)),
  );
  return ok({ revisions: views, changes: changes.value.map(({ actor: _actor, ...change }) => change) });
}

async function toView(revision: StoredRevision, canRestore: boolean, database: Database): Promise<RevisionView> {
  const { epoch, n, at, sentences, operations, actor, peerUid } = revision;
  const by = authorText(actor.name, peerUid);
  // an import brings all farms: naming each says nothing
  const farmIds = operations.length === 0 ? [] : revision.farmIds;
  const undo = await canUndo(revision, database);
  return { epoch, n, at, by, sentences, farmIds, operations, canUndo: undo, canRestore };
}

/** The command line says of itself that it is one; the kernel vouches for the uid. */
export function authorText(name: string, peerUid: number | null): string {
  return peerUid === null ? name : `${name.replace(/ \(command line\)$/, "")} (command line, uid ${peerUid})`;
}

/** Those after which their farm was there, and other than it is now. */
async function restorableOf(
  revisions: readonly StoredRevision[],
  farmId: string | undefined,
  database: Database,
): Promise<Result<ReadonlySet<StoredRevision>>> {
  const asked = revisions.flatMap((revision) => {
    const own = farmId ?? onlyFarmOf(revision);
    return own === null ? [] : [{ revision, farmId: own }];
  });
  const places = asked.map(({ revision: { epoch, n }, farmId: own }) => ({ epoch, n, farmId: own }));
  const after = await database.revisions.farmsAfter(places);
  if (!after.ok) return after;
  const now = new Map<string, string | null>();
  for (const id of new Set(places.map((place) => place.farmId))) {
    const farm = await database.farms.get(id);
    if (!farm.ok && farm.error.code !== "not-found") return farm;
    now.set(id, farm.ok ? canonicalJson(farm.value.farm) : null);
  }
  const others = asked.filter(({ farmId: own }, index) => {
    const then = after.value[index] ?? null;
    return then !== null && canonicalJson(then) !== now.get(own);
  });
  return ok(new Set(others.map(({ revision }) => revision)));
}

function onlyFarmOf({ operations, farmIds }: StoredRevision): string | null {
  return operations.length > 0 && farmIds.length === 1 ? (farmIds[0] ?? null) : null;
}

async function canUndo(revision: StoredRevision, database: Database): Promise<boolean> {
  const isChange = revision.operations.some((operation) => operation.type !== "cut");
  const listIds = listIdsOf(revision.operations);
  const count = revision.farmIds.length + listIds.length;
  if (!isChange || count === 0 || count > undoFarmsMax) return false;
  for (const farmId of revision.farmIds) {
    const untouched = await isUntouchedSince(revision, farmId, database);
    if (!untouched.ok || !untouched.value) return false;
  }
  for (const listId of listIds) {
    const untouched = await isListUntouchedSince(revision, listId, database);
    if (!untouched.ok || !untouched.value) return false;
  }
  return true;
}
