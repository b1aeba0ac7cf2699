import type { Actor } from "../auth/actor.ts";
import type { Farm } from "../core/farm/types.ts";
import { gridFor } from "../core/metrics/downsample.ts";
import type { FarmSeries } from "../core/metrics/live.ts";
import { filledFrom, isKnown } from "../core/metrics/merge-series.ts";
import { agentRangeS, keptRangeS, ownRangeS, rangeSMax } from "../core/metrics/ranges.ts";
import { fail, invalid, ok, type Result } from "../core/result.ts";
import type { Deps } from "./deps.ts";
import { isUuid, permit } from "./permit.ts";
import { runtime } from "./runtime.ts";

const rangeSMin = 10;

/**
 * The last `rangeS` seconds of a farm, thinned to at most 120 points: up to 15 minutes by the agent, which has them second by second,
 * more from the kept minutes, which outlive the agent, and more than a day from a Prometheus where one is given; what it does not know, or
 * all of it when it does not answer, is our own.
 */
export async function readSeries(
  actor: Actor,
  farmId: string,
  rangeS: number,
  deps: Deps = runtime(),
): Promise<Result<FarmSeries>> {
  const permitted = permit(actor, "read-live");
  if (!permitted.ok) return permitted;
  if (!isUuid(farmId)) return fail("not-found", "There is no such farm");
  const wrong = wrongRange(rangeS);
  if (wrong !== null) return wrong;
  const toMs = deps.nowMs();
  const fromMs = toMs - rangeS * 1000;
  if (rangeS > agentRangeS) {
    const own = await readOwn(farmId, fromMs, toMs, deps);
    return rangeS > ownRangeS && own.ok ? withLongHistory(own.value, deps) : own;
  }
  const series = await deps.agent.series(farmId, fromMs, toMs);
  if (series.ok || series.error.code !== "not-found") return series;
  // a farm of the last seconds: the agent has not measured it yet
  const nothing = await unlessUnknown(farmId, fromMs, toMs, 1000, deps);
  return nothing.ok ? nothing : series;
}

async function readOwn(farmId: string, fromMs: number, toMs: number, deps: Deps): Promise<Result<FarmSeries>> {
  const kept = deps.history.read(farmId, fromMs, toMs);
  if (!kept.ok) return kept;
  return kept.value === null ? unlessUnknown(farmId, fromMs, toMs, 60_000, deps) : ok(kept.value);
}

async function withLongHistory(own: FarmSeries, deps: Deps): Promise<Result<FarmSeries>> {
  const database = deps.longHistory ? await deps.database() : null;
  if (!deps.longHistory || database?.ok !== true) return ok(own);
  const view = await database.value.farms.get(own.farmId);
  if (!view.ok) return ok(own);
  const far = await deps.longHistory.read(view.value.farm, own);
  const days = own.toMs - own.fromMs > keptRangeS * 1000 ? ", which reaches back 30 days" : "";
  if (!far.ok) {
    deps.log("prometheus-not-read", { detail: far.error.detail ?? far.error.text });
    return ok({ ...own, source: `Our own history${days}: Prometheus cannot be read now (${far.error.text})` });
  }
  if (!isKnown(far.value))
    return ok({ ...own, source: `Our own history${days}: Prometheus has no whole point of this farm in this range` });
  const source = isKnown(own) ? "From Prometheus; what it lacks from our own history" : "From Prometheus";
  return ok({ ...filledFrom(far.value, own), source });
}

export function wrongRange(rangeS: number): Result<never> | null {
  if (Number.isSafeInteger(rangeS) && rangeS >= rangeSMin && rangeS <= rangeSMax) return null;
  return invalid([{ path: "rangeS", message: `A range is a whole number from ${rangeSMin} to ${rangeSMax} seconds` }]);
}

async function unlessUnknown(
  farmId: string,
  fromMs: number,
  toMs: number,
  sampleStepMs: number,
  deps: Deps,
): Promise<Result<FarmSeries>> {
  const database = await deps.database();
  if (!database.ok) return database;
  const view = await database.value.farms.get(farmId);
  return view.ok ? ok(nothingYet(view.value.farm, fromMs, toMs, sampleStepMs)) : view;
}

function nothingYet(farm: Farm, fromMs: number, toMs: number, sampleStepMs: number): FarmSeries {
  const { stepMs, atMs } = gridFor(fromMs, toMs, sampleStepMs);
  const none = atMs.map(() => null);
  const backends = farm.backends.map(({ id }) => {
    return { backendId: id, newPerS: none, active: none, observedPct: none, plannedPct: none };
  });
  const times = { p50Ms: none, p95Ms: none, p99Ms: none };
  const retention = { secondsS: 0, minutesS: 0 };
  return { farmId: farm.id, fromMs, toMs, stepMs, atMs, connect: times, traffic: times, backends, retention };
}
