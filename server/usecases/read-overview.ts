import type { Actor } from "../auth/actor.ts";
import type { OverviewView } from "../core/change/views.ts";
import { ok, type Result } from "../core/result.ts";
import type { Deps } from "./deps.ts";
import { readEvents } from "./read-events.ts";
import { readFarms } from "./read-farms.ts";
import { runtime } from "./runtime.ts";

/** First paint; the live numbers come by the feed. */
export async function readOverview(actor: Actor, deps: Deps = runtime()): Promise<Result<OverviewView>> {
  const farms = await readFarms(actor, deps);
  if (!farms.ok) return farms;
  const events = await readEvents(actor, {}, deps);
  if (!events.ok) return events;
  const database = await deps.database();
  if (!database.ok) return database;
  const applying = await database.value.changes.applying();
  if (!applying.ok) return applying;
  const changes = applying.value.map(({ actor: _actor, ...change }) => change).reverse();
  return ok({ farms: farms.value, events: events.value, applying: changes });
}
