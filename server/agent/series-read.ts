/** One farm's history as the page draws it: from the second ring while that reaches back far enough, else from the minutes. */
import { downsample, type Grid, gridFor } from "../core/metrics/downsample.ts";
import { type FarmSeries, knownTimes } from "../core/metrics/live.ts";
import { columnAt, type FarmBlock, type Ring, timeAt } from "./series.ts";

type Rings = { readonly seconds: Ring; readonly minutes: Ring };

/** the first second of a window may be a little older than the ring */
const slackMs = 2000;

export function readFarm(farmId: string, farm: FarmBlock, rings: Rings, fromMs: number, toMs: number): FarmSeries {
  const isFine = reachesBack(rings.seconds, fromMs);
  const ring = isFine ? rings.seconds : rings.minutes;
  const source = isFine ? farm.seconds : farm.minutes;
  const grid = gridFor(fromMs, toMs, isFine ? 1000 : 60_000);
  const slots = slotsOf(ring);
  const times = slots.map((slot) => ring.times[slot] ?? 0);
  const values = (column: number, pick: "mean" | "last") =>
    points(grid, times, slots, source, farm.columns, column, pick);
  return {
    farmId,
    fromMs,
    toMs,
    stepMs: grid.stepMs,
    atMs: grid.atMs,
    connect: { p50Ms: values(0, "last"), p95Ms: values(1, "last"), p99Ms: values(2, "last") },
    traffic: { p50Ms: values(3, "last"), p95Ms: values(4, "last"), p99Ms: values(5, "last") },
    backends: farm.backendIds.map((backendId, index) => ({
      backendId,
      newPerS: values(columnAt(index, 0), "mean"),
      active: values(columnAt(index, 1), "mean"),
      observedPct: values(columnAt(index, 2), "last"),
      plannedPct: values(columnAt(index, 3), "last"),
      ...knownTimes("connect", values(columnAt(index, 4), "last"), values(columnAt(index, 5), "last")),
      ...knownTimes("traffic", values(columnAt(index, 6), "last"), values(columnAt(index, 7), "last")),
    })),
    retention: { secondsS: rings.seconds.times.length, minutesS: rings.minutes.times.length * 60 },
  };
}

/** A ring that has never wrapped has everything since the agent started: the minutes know nothing older. */
function reachesBack(seconds: Ring, fromMs: number): boolean {
  const first = seconds.count - seconds.times.length;
  return first <= 0 || fromMs >= timeAt(seconds, first) - slackMs;
}

/** Slots of a ring, oldest first. */
function slotsOf(ring: Ring): number[] {
  const length = ring.times.length;
  const first = Math.max(0, ring.count - length);
  return Array.from({ length: ring.count - first }, (_, offset) => (first + offset) % length);
}

function points(
  grid: Grid,
  times: readonly number[],
  slots: readonly number[],
  source: Float32Array,
  columns: number,
  column: number,
  pick: "mean" | "last",
): (number | null)[] {
  const values = slots.map((slot) => source[slot * columns + column] ?? Number.NaN);
  return downsample(grid, times, values, pick);
}
