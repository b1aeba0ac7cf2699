import type { Actor } from "../auth/actor.ts";
import type { EventView } from "../core/change/views.ts";
import type { Result } from "../core/result.ts";
import type { EventsQuery } from "../db/repositories.ts";
import type { Deps } from "./deps.ts";
import { permit } from "./permit.ts";
import { runtime } from "./runtime.ts";

type Query = Omit<EventsQuery, "withoutKinds"> & { readonly before?: string; readonly limit?: number };

const pageSize = 100;

/**
 * Newest first, at most `limit` (100) that fit every part of the query; `before` is the id of the oldest one already seen. Who signed in is
 * for administrators.
 */
export async function readEvents(
  actor: Actor,
  query: Query = {},
  deps: Deps = runtime(),
): Promise<Result<readonly EventView[]>> {
  const permitted = permit(actor, "read-events");
  if (!permitted.ok) return permitted;
  const database = await deps.database();
  if (!database.ok) return database;
  const withoutKinds = permit(actor, "read-people").ok ? [] : (["sign-in", "people"] as const);
  return database.value.events.list({ limit: pageSize, ...query, withoutKinds });
}
