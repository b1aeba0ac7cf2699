/** What the file has of one farm within a range, oldest first: hours where a point is at least one, else minutes. */
import type { Grid } from "../core/metrics/downsample.ts";
import { unknownCode } from "../core/metrics/minutes.ts";
import { minutesPerHour, packHour, type RowOfHour, widened } from "./codes.ts";
import type { KeptSample } from "./kept-samples.ts";
import type { Layouts } from "./layouts.ts";
import type { HistoryStatements } from "./statements.ts";

export type Source = { readonly statements: HistoryStatements; readonly layouts: Layouts };

const minuteMs = 60_000;
const hourMs = minutesPerHour * minuteMs;
/** where the minutes of an hour are gone, its value stands for all of it: one sample as often as this */
const spreadMinutes = 5;

export function samplesOf(source: Source, farm: number, grid: Grid): KeptSample[] {
  const isHourly = grid.stepMs >= hourMs;
  const kept = source.statements.hours(farm, Math.floor(grid.fromMs / hourMs), Math.floor(grid.toMs / hourMs));
  const packed = kept.flatMap((row) => {
    const backendIds = source.layouts.backendIds(row.layout);
    const codes = widened(row.codes, backendIds.length);
    const whole = (column: number) => codes[column] ?? unknownCode;
    // an hour that began before the range counts at its beginning
    if (isHourly) return [{ atMs: Math.max(row.hour * hourMs, grid.fromMs), backendIds, code: whole }];
    const packed = source.statements.packed(farm, row.hour);
    const minutes = packed === null ? null : widened(packed, backendIds.length, minutesPerHour);
    return Array.from({ length: minutesPerHour }, (_, minute) => minute)
      .filter((minute) => minutes !== null || minute % spreadMinutes === 0)
      .map((minute) => ({
        atMs: row.hour * hourMs + minute * minuteMs,
        backendIds,
        code: minutes === null ? whole : (column: number) => minutes[column * minutesPerHour + minute] ?? unknownCode,
      }));
  });
  const open = openHours(source, farm, grid);
  return [...packed, ...(isHourly ? open.map((rows) => asHour(rows, grid)) : open.flatMap(asMinutes))];
}

type OpenHour = { readonly hour: number; readonly rows: readonly RowOfHour[] };

/** Hours that are not packed yet: at most two while web keeps up. */
function openHours({ statements, layouts }: Source, farm: number, grid: Grid): OpenHour[] {
  const first = statements.firstMinute();
  if (first === null) return [];
  const hours = new Map<number, RowOfHour[]>();
  const last = Math.min(statements.cursor(), Math.floor(grid.toMs / minuteMs));
  for (let at = Math.max(first, Math.floor(grid.fromMs / minuteMs)); at <= last; at++) {
    const row = statements.minute(at, farm);
    if (row === null) continue;
    const hour = Math.floor(at / minutesPerHour);
    const rows = hours.get(hour) ?? [];
    const backendIds = layouts.backendIds(row.layout);
    rows.push({ minute: at % minutesPerHour, backendIds, codes: widened(row.codes, backendIds.length) });
    hours.set(hour, rows);
  }
  return Array.from(hours, ([hour, rows]) => ({ hour, rows }));
}

function asHour({ hour, rows }: OpenHour, grid: Grid): KeptSample {
  const { backendIds, codes } = packHour(rows, null);
  return {
    atMs: Math.max(hour * hourMs, grid.fromMs),
    backendIds,
    code: (column) => codes[column] ?? unknownCode,
  };
}

function asMinutes({ hour, rows }: OpenHour): KeptSample[] {
  return rows.map(({ minute, backendIds, codes }) => ({
    atMs: hour * hourMs + minute * minuteMs,
    backendIds,
    code: (column) => codes[column] ?? unknownCode,
  }));
}
