/**
 * History of a farm that grows by live rows. The server thins to bins that begin at multiples of stepMs; live rows fall into the
 * same bins, so that a later fetch draws the same picture. Rates and shares: mean of the bin. Percentiles: the newest. Seconds
 * that did not come stay null. Times are epoch milliseconds of the balancer.
 */
import {
  type ConnectTime,
  type FarmLive,
  type FarmSeries,
  knownTimes,
  type TimesSeries,
} from "@/server/core/metrics/live.ts";

export type SeriesBuffer = {
  readonly series: FarmSeries;
  /** samples already in the last bin: the weight of what is merged into it */
  readonly lastCount: number;
  /** time of the newest sample */
  readonly newestMs: number;
};

/** Longer silence than this is not bridged by live rows: the server is asked what happened meanwhile. */
const bridgedMaxMs = 5000;
const pointsMax = 120;

export function startBuffer(series: FarmSeries): SeriesBuffer {
  const last = series.atMs.at(-1) ?? series.fromMs;
  const elapsed = Math.floor((series.toMs - last) / 1000);
  return { series, lastCount: Math.max(1, Math.min(elapsed, series.stepMs / 1000)), newestMs: series.toMs };
}

/** Whether rows were missed between the newest sample and this row. */
export function hasHole(buffer: SeriesBuffer, atMs: number): boolean {
  return atMs - buffer.newestMs > bridgedMaxMs;
}

export function appendLive(buffer: SeriesBuffer, live: FarmLive, rangeMs: number): SeriesBuffer {
  const { series } = buffer;
  if (live.at <= buffer.newestMs) return buffer;
  const bin = Math.floor(live.at / series.stepMs) * series.stepMs;
  const last = series.atMs.at(-1);
  const isSameBin = last !== undefined && bin <= last;
  const count = isSameBin ? buffer.lastCount + 1 : 1;
  const atMs = isSameBin ? series.atMs : [...series.atMs, ...binsAfter(last, bin, series.stepMs)];
  const drop = Math.max(atMs.length - pointsMax, countBefore(atMs, bin - rangeMs));
  const put: Put = (values, value, pick) => {
    const grown = grow(values, atMs.length);
    grown[atMs.length - 1] = settle(isSameBin ? (values.at(-1) ?? null) : null, value, count, pick);
    return grown.slice(drop);
  };
  return {
    lastCount: count,
    newestMs: live.at,
    series: {
      ...series,
      fromMs: live.at - rangeMs,
      toMs: live.at,
      atMs: atMs.slice(drop),
      connect: putFarmTimes(series.connect, live.connect, put),
      traffic: putFarmTimes(series.traffic, live.traffic ?? null, put),
      backends: appendBackends(series, live, put),
    },
  };
}

type Pick = "mean" | "last";
type Put = (values: readonly (number | null)[], value: number | null, pick: Pick) => (number | null)[];

function appendBackends(series: FarmSeries, live: FarmLive, put: Put): FarmSeries["backends"] {
  const known = new Map(series.backends.map((backend) => [backend.backendId, backend]));
  return live.backends.map((row) => {
    const old = known.get(row.backendId);
    return {
      backendId: row.backendId,
      newPerS: put(old?.newPerS ?? [], row.newPerS, "mean"),
      active: put(old?.active ?? [], row.active, "mean"),
      observedPct: put(old?.observedPct ?? [], row.observed?.sharePct ?? null, "mean"),
      plannedPct: put(old?.plannedPct ?? [], row.plannedPct, "last"),
      ...putTimes("connect", old?.connect, row.connect, put),
      ...putTimes("traffic", old?.traffic, row.traffic ?? null, put),
    };
  });
}

function putFarmTimes(old: FarmSeries["connect"], now: ConnectTime | null, put: Put): FarmSeries["connect"] {
  return {
    p50Ms: put(old.p50Ms, now?.p50Ms ?? null, "last"),
    p95Ms: put(old.p95Ms, now?.p95Ms ?? null, "last"),
    p99Ms: put(old.p99Ms, now?.p99Ms ?? null, "last"),
  };
}

/** Of a backend that was never timed there is nothing to carry on. */
function putTimes<Of extends "connect" | "traffic">(
  of: Of,
  old: TimesSeries | undefined,
  now: ConnectTime | null,
  put: Put,
): { readonly [key in Of]?: TimesSeries } {
  if (old === undefined && now === null) return {};
  const p50Ms = put(old?.p50Ms ?? [], now?.p50Ms ?? null, "last");
  return knownTimes(of, p50Ms, put(old?.p95Ms ?? [], now?.p95Ms ?? null, "last"));
}

/** Bins after `last` up to and with `bin`; a short silence leaves empty ones between. */
function binsAfter(last: number | undefined, bin: number, stepMs: number): number[] {
  if (last === undefined) return [bin];
  const missing = Math.min(pointsMax, Math.round((bin - last) / stepMs));
  return Array.from({ length: missing }, (_, index) => bin - (missing - 1 - index) * stepMs);
}

function countBefore(atMs: readonly number[], fromMs: number): number {
  const first = atMs.findIndex((at) => at >= fromMs);
  return Math.max(first, 0);
}

/** A copy of the given length; what is new, or belongs to a backend that was not there yet, is unknown. */
function grow(values: readonly (number | null)[], length: number): (number | null)[] {
  return Array.from({ length }, (_, index) => values[index] ?? null);
}

function settle(old: number | null, value: number | null, count: number, pick: Pick): number | null {
  if (value === null) return old;
  if (old === null || pick === "last") return value;
  return old + (value - old) / count;
}
