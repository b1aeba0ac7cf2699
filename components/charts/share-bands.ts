/**
 * The shade behind the observed shares: what is planned, with the band that holds for the newest observation. Of an older plan no band
 * is known, so the shade begins where the running plan began. Pure; shares and half widths in percent of new connections.
 */
import type { FarmSeries } from "@/server/core/metrics/live.ts";
import type { BackendName } from "./chart-data.ts";
import { backendData } from "./chart-data.ts";
import type { EventMark } from "./event-marks.ts";
import type { Band } from "./plot.tsx";

/** As a line when the band has become narrow. */
const halfMin = 0.3;
/** the history stores single precision */
const sameMax = 0.01;

/** `halves`: half width of each backend's band now, in the order of `backends`. */
export function shareBands(
  series: FarmSeries,
  backends: readonly BackendName[],
  halves: readonly number[],
  marks: readonly EventMark[],
): Band[] {
  const planned = backendData(series, backends, "plannedPct").series;
  const sinceMs = marks.findLast((mark) => mark.revision !== null)?.atMs ?? series.fromMs;
  // a bin shows the last plan inside it
  const changed = series.atMs.findLastIndex((at) => at + series.stepMs <= sinceMs) + 1;
  const from = Math.max(changed, ...planned.map(({ values }) => newestRun(values)));
  return planned.map(({ key, values }, index) => ({
    seriesKey: key,
    values: values.map((value, at) => (value === null || at < from ? null : around(value, halves[index] ?? 0))),
  }));
}

/** Index from which on no known value differs from the newest one: health may change a plan without a revision. */
function newestRun(values: readonly (number | null)[]): number {
  const newest = values.findLast((value) => value !== null) ?? null;
  if (newest === null) return 0;
  return values.findLastIndex((value) => value !== null && Math.abs(value - newest) > sameMax) + 1;
}

function around(plannedPct: number, halfPct: number): readonly [number, number] {
  const half = Math.max(halfPct, halfMin);
  return [Math.max(0, plannedPct - half), Math.min(100, plannedPct + half)];
}
