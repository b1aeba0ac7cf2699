/** Samples of one farm, gathered from hours and minutes, drawn like the agent's own history: at most 120 points, a gap stays a gap. */
import { downsample, type Grid } from "../core/metrics/downsample.ts";
import type { FarmSeries } from "../core/metrics/live.ts";
import { backendFields, decodeCode, farmFields, firstColumn, unknownCode } from "../core/metrics/minutes.ts";

/** One moment: `code(column)` in the order that `backendIds` give. */
export type KeptSample = {
  readonly atMs: number;
  readonly backendIds: readonly string[];
  readonly code: (column: number) => number;
};

/** Backends are those of the whole range, the newest layout's first. `samples` ascending. */
export function drawKept(
  farmId: string,
  samples: readonly KeptSample[],
  grid: Grid,
  retention: FarmSeries["retention"],
): FarmSeries {
  const times = samples.map(({ atMs }) => atMs);
  const places = new Map<readonly string[], Map<string, number>>();
  for (const { backendIds } of samples)
    if (!places.has(backendIds)) places.set(backendIds, new Map(backendIds.map((id, at) => [id, at])));
  const ids = [...new Set([...places.keys()].reverse().flat())];
  const own = (name: (typeof farmFields)[number]) => {
    const column = farmFields.indexOf(name);
    const values = samples.map(({ code }) => decodeCode(code(column)));
    return downsample(grid, times, values, "last");
  };
  const of = (id: string, name: (typeof backendFields)[number], pick: "mean" | "last") => {
    const field = backendFields.indexOf(name);
    const values = samples.map(({ backendIds, code }) => {
      const at = places.get(backendIds)?.get(id);
      return decodeCode(at === undefined ? unknownCode : code(firstColumn(at) + field));
    });
    return downsample(grid, times, values, pick);
  };
  return {
    farmId,
    fromMs: grid.fromMs,
    toMs: grid.toMs,
    stepMs: grid.stepMs,
    atMs: grid.atMs,
    connect: { p50Ms: own("p50Ms"), p95Ms: own("p95Ms"), p99Ms: own("p99Ms") },
    backends: ids.map((backendId) => ({
      backendId,
      newPerS: of(backendId, "newPerS", "mean"),
      active: of(backendId, "active", "mean"),
      observedPct: of(backendId, "observedPct", "last"),
      plannedPct: of(backendId, "plannedPct", "last"),
    })),
    retention,
  };
}
