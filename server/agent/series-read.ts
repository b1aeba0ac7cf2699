/** One farm's history as the page draws it: from the second ring while that reaches back far enough, else from the minutes. */
import { downsample, gridFor } from "../core/metrics/downsample.ts";
import { type FarmSeries, knownTimes } from "../core/metrics/live.ts";
import { type FarmBlock, type Ring, timeAt } from "./series.ts";
import type { SeriesTrack } from "./series-track.ts";

type Rings = { readonly seconds: Ring; readonly minutes: Ring };

/** the first second of a window may be a little older than the ring */
const slackMs = 2000;

export function readFarm(farmId: string, farm: FarmBlock, rings: Rings, fromMs: number, toMs: number): FarmSeries {
  const isFine = reachesBack(rings.seconds, fromMs);
  const ring = isFine ? rings.seconds : rings.minutes;
  const { own, fields } = isFine ? farm.seconds : farm.minutes;
  const grid = gridFor(fromMs, toMs, isFine ? 1000 : 60_000);
  const indexes = indexesOf(ring);
  const times = indexes.map((index) => timeAt(ring, index));
  const values = (track: SeriesTrack | undefined, member: number, pick: "mean" | "last") =>
    downsample(
      grid,
      times,
      indexes.map((index) => track?.at(index, member) ?? Number.NaN),
      pick,
    );
  const ofFarm = (column: number) => values(own, column, "last");
  return {
    farmId,
    fromMs,
    toMs,
    stepMs: grid.stepMs,
    atMs: grid.atMs,
    connect: { p50Ms: ofFarm(0), p95Ms: ofFarm(1), p99Ms: ofFarm(2) },
    traffic: { p50Ms: ofFarm(3), p95Ms: ofFarm(4), p99Ms: ofFarm(5) },
    backends: farm.backendIds.map((backendId, index) => ({
      backendId,
      newPerS: values(fields[0], index, "mean"),
      active: values(fields[1], index, "mean"),
      observedPct: values(fields[2], index, "last"),
      plannedPct: values(fields[3], index, "last"),
      ...knownTimes("connect", values(fields[4], index, "last"), values(fields[5], index, "last")),
      ...knownTimes("traffic", values(fields[6], index, "last"), values(fields[7], index, "last")),
    })),
    retention: { secondsS: rings.seconds.times.length, minutesS: rings.minutes.times.length * 60 },
  };
}

/** A ring that has never wrapped has everything since the agent started: the minutes know nothing older. */
function reachesBack(seconds: Ring, fromMs: number): boolean {
  const first = seconds.count - seconds.times.length;
  return first <= 0 || fromMs >= timeAt(seconds, first) - slackMs;
}

/** Moments that a ring has, oldest first. */
function indexesOf(ring: Ring): number[] {
  const first = Math.max(0, ring.count - ring.times.length);
  return Array.from({ length: ring.count - first }, (_, offset) => first + offset);
}
