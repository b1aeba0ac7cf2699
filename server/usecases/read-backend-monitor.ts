import type { Actor } from "../auth/actor.ts";
import { fail, type Result } from "../core/result.ts";
import type { BackendMonitor } from "../wire/monitor.ts";
import type { Deps } from "./deps.ts";
import { isUuid, permit } from "./permit.ts";
import { runtime } from "./runtime.ts";

/** What the agent knows of one backend over time: its checks, its heartbeat, how its times and weights went. */
export async function readBackendMonitor(
  actor: Actor,
  farmId: string,
  backendId: string,
  deps: Deps = runtime(),
): Promise<Result<BackendMonitor>> {
  const permitted = permit(actor, "read-live");
  if (!permitted.ok) return permitted;
  if (!isUuid(farmId) || !isUuid(backendId)) return fail("not-found", "There is no such backend");
  return deps.agent.monitor(farmId, backendId);
}
