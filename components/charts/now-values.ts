/** What the live rows say now, by the series of a chart: head, legend and sentence all speak of these. Pure. */
import type { BackendLive, ConnectTime, FarmLive } from "@/server/core/metrics/live.ts";
import { type BackendName, namedMax } from "./chart-data.ts";

/** by key of the series; null = not known */
export type NowValues = ReadonlyMap<string, number | null>;

/** One value per named backend, and the sum of the others. */
export function backendNow(
  live: FarmLive | null,
  backends: readonly BackendName[],
  read: (row: BackendLive) => number | null,
): NowValues {
  const byId = new Map(live?.backends.map((row) => [row.backendId, read(row)]));
  const now = new Map(backends.slice(0, namedMax).map(({ id }) => [id, byId.get(id) ?? null]));
  const rest = backends.slice(namedMax).flatMap(({ id }) => byId.get(id) ?? []);
  if (backends.length > namedMax)
    now.set("others", rest.length === 0 ? null : rest.reduce((sum, each) => sum + each, 0));
  return now;
}

export function timesNow(connect: ConnectTime | null): NowValues {
  return new Map([
    ["p50", connect?.p50Ms ?? null],
    ["p95", connect?.p95Ms ?? null],
    ["p99", connect?.p99Ms ?? null],
  ]);
}
