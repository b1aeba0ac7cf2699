import type { Actor } from "../auth/actor.ts";
import { type LiveEvent, liveEventKinds } from "../core/metrics/live.ts";
import { agentRangeS } from "../core/metrics/ranges.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { Deps } from "./deps.ts";
import { isUuid, permit } from "./permit.ts";
import { toKnown } from "./read-known-events.ts";
import { wrongRange } from "./read-series.ts";
import { runtime } from "./runtime.ts";

/** a chart marks far fewer */
const eventsMax = 100;
/** a measured weight that moved some hours ago tells nothing, and there are thousands */
const lastingKinds = liveEventKinds.filter((kind) => kind !== "weight");

/** What the log has of the last `rangeS` seconds: of one farm, and of what has no farm; the newest 100, newest last. Nothing about people. */
export async function readRangeEvents(
  actor: Actor,
  farmId: string,
  rangeS: number,
  deps: Deps = runtime(),
): Promise<Result<readonly LiveEvent[]>> {
  const permitted = permit(actor, "read-events");
  if (!permitted.ok) return permitted;
  if (!isUuid(farmId)) return fail("not-found", "There is no such farm");
  const wrong = wrongRange(rangeS);
  if (wrong !== null) return wrong;
  const database = await deps.database();
  if (!database.ok) return database;
  const sinceMs = deps.nowMs() - rangeS * 1000;
  const kinds = rangeS > agentRangeS ? lastingKinds : liveEventKinds;
  const rows = await database.value.events.since({ kinds, farmId, sinceMs, limit: eventsMax });
  if (!rows.ok) return rows;
  const events: LiveEvent[] = [];
  for (const row of rows.value)
    for (const { event } of await toKnown(row, database.value))
      if (event.farmId === null || event.farmId === farmId) events.push(event);
  return ok(events);
}
