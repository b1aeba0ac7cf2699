import type { Actor } from "../auth/actor.ts";
import type { FarmView } from "../core/change/views.ts";
import type { Result } from "../core/result.ts";
import type { Deps } from "./deps.ts";
import { permit } from "./permit.ts";
import { runtime } from "./runtime.ts";

export async function readFarms(actor: Actor, deps: Deps = runtime()): Promise<Result<readonly FarmView[]>> {
  const permitted = permit(actor, "read-farms");
  if (!permitted.ok) return permitted;
  const database = await deps.database();
  return database.ok ? database.value.farms.list() : database;
}
