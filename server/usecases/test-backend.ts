import type { Actor } from "../auth/actor.ts";
import { fail, type Result } from "../core/result.ts";
import type { CheckEntry } from "../wire/monitor.ts";
import type { Deps } from "./deps.ts";
import { isUuid, permit } from "./permit.ts";
import { runtime } from "./runtime.ts";

/** The backend's check, made at once. Its result counts like any other. */
export async function testBackend(
  actor: Actor,
  farmId: string,
  backendId: string,
  deps: Deps = runtime(),
): Promise<Result<CheckEntry>> {
  const permitted = permit(actor, "test-backend");
  if (!permitted.ok) return permitted;
  if (!isUuid(farmId) || !isUuid(backendId)) return fail("not-found", "There is no such backend");
  return deps.agent.checkNow(farmId, backendId);
}
