import type { Actor } from "../auth/actor.ts";
import type { ListView } from "../core/change/views.ts";
import type { Result } from "../core/result.ts";
import type { Deps } from "./deps.ts";
import { permit } from "./permit.ts";
import { runtime } from "./runtime.ts";

/** The named lists, by name. */
export async function readLists(actor: Actor, deps: Deps = runtime()): Promise<Result<readonly ListView[]>> {
  const permitted = permit(actor, "read-farms");
  if (!permitted.ok) return permitted;
  const database = await deps.database();
  return database.ok ? database.value.farms.lists() : database;
}
