import type { Actor } from "../auth/actor.ts";
import type { FarmView } from "../core/change/views.ts";
import { fail, type Result } from "../core/result.ts";
import type { Deps } from "./deps.ts";
import { isUuid, permit } from "./permit.ts";
import { runtime } from "./runtime.ts";

/** "not-found" when there is no such farm, or the id is none. */
export async function readFarm(actor: Actor, farmId: string, deps: Deps = runtime()): Promise<Result<FarmView>> {
  const permitted = permit(actor, "read-farms");
  if (!permitted.ok) return permitted;
  if (!isUuid(farmId)) return fail("not-found", "There is no such farm");
  const database = await deps.database();
  return database.ok ? database.value.farms.get(farmId) : database;
}
