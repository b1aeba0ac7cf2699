/** Samples of one farm, gathered from hours and minutes, drawn like the agent's own history: at most 120 points, a gap stays a gap. */
import { downsample, type Grid } from "../core/metrics/downsample.ts";
import { type FarmSeries, knownTimes } from "../core/metrics/live.ts";
import { binnedPercentiles } from "../core/metrics/merge-percentiles.ts";
import {
  backendFields,
  backendTimes,
  decodeCode,
  farmFields,
  farmTimes,
  firstColumn,
  type TimesGroup,
  timesPart,
  unknownCode,
} from "../core/metrics/minutes.ts";

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
  const codeOf = ({ backendIds, code }: KeptSample, id: string, field: number) => {
    const at = places.get(backendIds)?.get(id);
    return at === undefined ? unknownCode : code(firstColumn(at) + field);
  };
  const of = (id: string, name: (typeof backendFields)[number], pick: "mean" | "last") => {
    const field = backendFields.indexOf(name);
    const values = samples.map((sample) => decodeCode(codeOf(sample, id, field)));
    return downsample(grid, times, values, pick);
  };
  /** each point of its own connections, however many samples are in it */
  const timesIn = <Field>(
    names: readonly Field[],
    { fields, weight, pcts }: TimesGroup<Field>,
    codeAt: (sample: KeptSample, field: number) => number,
  ) => {
    const columns = fields.map((field) => names.indexOf(field));
    const parts = samples.map((sample) =>
      timesPart(
        columns.map((field) => codeAt(sample, field)),
        weight === null ? null : codeAt(sample, names.indexOf(weight)),
      ),
    );
    const [p50Ms = [], p95Ms = [], p99Ms = []] = binnedPercentiles(grid, times, parts, pcts);
    return { p50Ms, p95Ms, p99Ms };
  };
  const own = (group: TimesGroup<(typeof farmFields)[number]>) =>
    timesIn(farmFields, group, ({ code }, field) => code(field));
  const ofBackend = (id: string, name: "connect" | "traffic") => {
    const { p50Ms, p95Ms } = timesIn(backendFields, backendTimes[name], (sample, field) => codeOf(sample, id, field));
    return knownTimes(name, p50Ms, p95Ms);
  };
  return {
    farmId,
    fromMs: grid.fromMs,
    toMs: grid.toMs,
    stepMs: grid.stepMs,
    atMs: grid.atMs,
    connect: own(farmTimes.connect),
    traffic: own(farmTimes.traffic),
    backends: ids.map((backendId) => ({
      backendId,
      newPerS: of(backendId, "newPerS", "mean"),
      active: of(backendId, "active", "mean"),
      observedPct: of(backendId, "observedPct", "last"),
      plannedPct: of(backendId, "plannedPct", "last"),
      ...ofBackend(backendId, "connect"),
      ...ofBackend(backendId, "traffic"),
    })),
    retention,
  };
}
