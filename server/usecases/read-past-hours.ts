import type { Actor } from "../auth/actor.ts";
import { type PastHours, pastFarmsMax } from "../core/metrics/past-hour.ts";
import { invalid, type Result } from "../core/result.ts";
import type { Deps } from "./deps.ts";
import { isUuid, permit } from "./permit.ts";
import { runtime } from "./runtime.ts";

/** The last hour of some farms, for lists: from the kept minutes, so that the agent is not asked and need not answer. */
export async function readPastHours(
  actor: Actor,
  farmIds: readonly string[],
  deps: Deps = runtime(),
): Promise<Result<PastHours>> {
  const permitted = permit(actor, "read-live");
  if (!permitted.ok) return permitted;
  if (farmIds.length > pastFarmsMax)
    return invalid([{ path: "farms", message: `At most ${pastFarmsMax} farms are read at once` }]);
  if (!farmIds.every(isUuid)) return invalid([{ path: "farms", message: "Ids of farms, with commas between them" }]);
  return deps.history.pastHours(farmIds, deps.nowMs());
}
