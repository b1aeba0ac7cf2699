import type { Actor } from "../auth/actor.ts";
import type { FarmSeries } from "../core/metrics/live.ts";
import { fail, invalid, type Result } from "../core/result.ts";
import type { Deps } from "./deps.ts";
import { isUuid, permit } from "./permit.ts";
import { runtime } from "./runtime.ts";

const rangeSMin = 10;
const rangeSMax = 30 * 24 * 3600;

/** The last `rangeS` seconds of a farm, thinned by the agent to at most 120 points. */
export async function readSeries(
  actor: Actor,
  farmId: string,
  rangeS: number,
  deps: Deps = runtime(),
): Promise<Result<FarmSeries>> {
  const permitted = permit(actor, "read-live");
  if (!permitted.ok) return permitted;
  if (!isUuid(farmId)) return fail("not-found", "There is no such farm");
  if (!Number.isSafeInteger(rangeS) || rangeS < rangeSMin || rangeS > rangeSMax)
    return invalid([
      { path: "rangeS", message: `A range is a whole number from ${rangeSMin} to ${rangeSMax} seconds` },
    ]);
  const toMs = deps.nowMs();
  return deps.agent.series(farmId, toMs - rangeS * 1000, toMs);
}
