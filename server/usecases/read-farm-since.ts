import type { Actor } from "../auth/actor.ts";
import { ok, type Result } from "../core/result.ts";
import type { StoredRevision } from "../db/repositories.ts";
import type { Deps } from "./deps.ts";
import { isUuid, permit } from "./permit.ts";
import { runtime } from "./runtime.ts";

/** the revision that made a busy farm may lie further back: then it is older than every chart */
const readMax = 20;

/**
 * When the farm was made or first brought by an import, in epoch milliseconds; 0 = before the history that is read. Tells a farm without
 * samples from a new one.
 */
export async function readFarmSince(actor: Actor, farmId: string, deps: Deps = runtime()): Promise<Result<number>> {
  const permitted = permit(actor, "read-farms");
  if (!permitted.ok) return permitted;
  if (!isUuid(farmId)) return ok(0);
  const database = await deps.database();
  if (!database.ok) return database;
  const revisions = await database.value.revisions.list({ farmId, limit: readMax });
  if (!revisions.ok) return revisions;
  const made = revisions.value.find((revision) => makes(revision, farmId));
  const oldest = revisions.value.length < readMax ? revisions.value.at(-1) : undefined;
  return ok((made ?? oldest)?.at ?? 0);
}

function makes({ operations }: StoredRevision, farmId: string): boolean {
  return operations.some((each) => each.type === "put-farm" && each.base === null && each.farm.id === farmId);
}
