import type { Actor } from "../auth/actor.ts";
import type { Farm } from "../core/farm/types.ts";
import { gridFor } from "../core/metrics/downsample.ts";
import type { FarmSeries } from "../core/metrics/live.ts";
import { fail, invalid, ok, type Result } from "../core/result.ts";
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
  const fromMs = toMs - rangeS * 1000;
  const series = await deps.agent.series(farmId, fromMs, toMs);
  if (series.ok || series.error.code !== "not-found") return series;
  // a farm of the last seconds: the agent has not measured it yet
  const database = await deps.database();
  if (!database.ok) return series;
  const view = await database.value.farms.get(farmId);
  return view.ok ? ok(nothingYet(view.value.farm, fromMs, toMs)) : series;
}

function nothingYet(farm: Farm, fromMs: number, toMs: number): FarmSeries {
  const { stepMs, atMs } = gridFor(fromMs, toMs, 1000);
  const none = atMs.map(() => null);
  const backends = farm.backends.map(({ id }) => {
    return { backendId: id, newPerS: none, active: none, observedPct: none, plannedPct: none };
  });
  const connect = { p50Ms: none, p95Ms: none, p99Ms: none };
  const retention = { secondsS: 0, minutesS: 0 };
  return { farmId: farm.id, fromMs, toMs, stepMs, atMs, connect, backends, retention };
}
