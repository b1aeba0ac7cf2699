import type { Actor } from "../auth/actor.ts";
import type { EventView } from "../core/change/views.ts";
import { ok, type Result } from "../core/result.ts";
import type { Deps } from "./deps.ts";
import { permit } from "./permit.ts";
import { runtime } from "./runtime.ts";

const pageSize = 100;

/** Newest first, at most 100; `before` is the id of the oldest one already seen. Who signed in is for administrators. */
export async function readEvents(
  actor: Actor,
  query: { farmId?: string; before?: string } = {},
  deps: Deps = runtime(),
): Promise<Result<readonly EventView[]>> {
  const permitted = permit(actor, "read-events");
  if (!permitted.ok) return permitted;
  const database = await deps.database();
  if (!database.ok) return database;
  const events = await database.value.events.list({ ...query, limit: pageSize });
  if (!events.ok || permit(actor, "read-people").ok) return events;
  return ok(events.value.filter((event) => event.kind !== "sign-in" && event.kind !== "people"));
}
