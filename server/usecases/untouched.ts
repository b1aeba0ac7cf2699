/** Whether a farm or list is still as a revision left it: the condition for undo. */
import { listIdsOf } from "../core/change/apply-operation.ts";
import { ok, type Result } from "../core/result.ts";
import type { Database, StoredRevision } from "../db/repositories.ts";

/** null = there is no such farm. */
export async function farmVersion(farmId: string, database: Database): Promise<Result<number | null>> {
  const farm = await database.farms.get(farmId);
  if (farm.ok) return ok(farm.value.version);
  return farm.error.code === "not-found" ? ok(null) : farm;
}

export async function listVersion(listId: string, database: Database): Promise<Result<number | null>> {
  const list = await database.farms.getList(listId);
  if (list.ok) return ok(list.value.version);
  return list.error.code === "not-found" ? ok(null) : list;
}

/** revisions looked through for the last one that touched a list that is gone */
const lookedThrough = 100;

export async function isListUntouchedSince(
  revision: StoredRevision,
  listId: string,
  database: Database,
): Promise<Result<boolean>> {
  const position = await database.farms.position();
  if (!position.ok) return position;
  if (position.value.epoch !== revision.epoch) return ok(false);
  const version = await listVersion(listId, database);
  if (!version.ok) return version;
  if (version.value !== null) return ok(version.value === revision.n);
  const newest = await database.revisions.list({ limit: lookedThrough });
  if (!newest.ok) return newest;
  const last = newest.value.find(({ operations }) => listIdsOf(operations).includes(listId));
  return ok(last?.epoch === revision.epoch && last.n === revision.n);
}

export async function isUntouchedSince(
  revision: StoredRevision,
  farmId: string,
  database: Database,
): Promise<Result<boolean>> {
  const position = await database.farms.position();
  if (!position.ok) return position;
  if (position.value.epoch !== revision.epoch) return ok(false);
  const version = await farmVersion(farmId, database);
  if (!version.ok) return version;
  if (version.value !== null) return ok(version.value === revision.n);
  // removed: by this very revision, or by a later one? It may have come back and gone again since
  const isRemoval = revision.operations.some((each) => each.type === "remove-farm" && each.farmId === farmId);
  if (!isRemoval) return ok(false);
  const newest = await database.revisions.list({ farmId, limit: 1 });
  if (!newest.ok) return newest;
  return ok(newest.value[0]?.epoch === revision.epoch && newest.value[0].n === revision.n);
}
