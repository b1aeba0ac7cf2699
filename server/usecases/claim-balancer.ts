/**
 * On a host whose kernel carries rules of ours that its agent does not know, an administrator decides: the farms of the database become
 * the agent's first epoch, and the rules in the kernel become theirs. Without farms in the database that takes every rule out.
 */
import type { Actor } from "../auth/actor.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { Deps } from "./deps.ts";
import { permit } from "./permit.ts";
import { giveFarms } from "./reconcile.ts";
import { runtime } from "./runtime.ts";

/** How many farms the kernel carries now. Refused ("conflict") while the agent has farms of its own. */
export async function claimBalancer(actor: Actor, deps: Deps = runtime()): Promise<Result<number>> {
  const permitted = permit(actor, "claim-balancer");
  if (!permitted.ok) return permitted;
  const status = await deps.agent.status();
  if (!status.ok) return status;
  if (status.value.sync !== "unclaimed")
    return fail("conflict", "The agent has farms of its own already; nothing was changed");
  const database = await deps.database();
  if (!database.ok) return database;
  const given = await giveFarms(database.value, deps);
  if (!given.ok) return given;
  const farms = await database.value.farms.list();
  return farms.ok ? ok(farms.value.length) : farms;
}
