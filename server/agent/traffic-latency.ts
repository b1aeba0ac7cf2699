/**
 * What real connections say of each backend (by the kernel's id): how long opening took over a rolling minute, and how opens ended. The times
 * are the kernel's own; who sends them is traffic-events.ts. Where it does not listen, everything here is null: not measured, never zero.
 */
import type { ConnectTime } from "../core/metrics/live.ts";
import {
  addSliced,
  emptySlicedLatency,
  type SlicedLatency,
  slicedHistogram,
  slicedTime,
} from "../core/metrics/sliced-latency.ts";
import { addTime, emptyTimeHistogram, type TimeHistogram } from "../core/metrics/time-histogram.ts";
import type { Histogram } from "../wire/monitor.ts";
import type { OpenSink } from "./open-table.ts";

/** Counts since they were last taken. */
export type Opens = { answered: number; refused: number; unanswered: number; reset: number };

/** `times` null = none was measured */
type TrafficTotals = { times: TimeHistogram | null; refused: number; unanswered: number; reset: number };

export type TrafficLatency = OpenSink & {
  /** SYN to SYN-ACK over the last minute; null = not measured, or no connection in it */
  of(markId: number, nowMs: number): ConnectTime | null;
  /** SYN to the client's ACK: the backend's part and the way to the client */
  openedOf(markId: number, nowMs: number): ConnectTime | null;
  /** as of(), merged over backends */
  farm(markIds: readonly number[], nowMs: number): ConnectTime | null;
  /** for BackendMonitor.trafficTimes; null = nothing to show */
  times(markId: number, nowMs: number): Histogram | null;
  /** for outlier detection: each call takes them away; null = nothing happened */
  takeOpens(markId: number): Opens | null;
  /** for `/metrics`: each call takes them away; null = nothing happened */
  drain(markId: number): TrafficTotals | null;
  /** one of so many connections is measured from now on */
  sample(oneIn: number): void;
  /** who was quiet for longer than the window is forgotten */
  prune(nowMs: number): void;
};

type Traffic = {
  readonly answered: SlicedLatency;
  readonly opened: SlicedLatency;
  opens: Opens | null;
  totals: TrafficTotals | null;
  lastAtMs: number;
  cached: { readonly atMs: number; readonly answered: ConnectTime | null; readonly opened: ConnectTime | null } | null;
};

/** with thousands of backends percentiles are made anew less often */
const cacheMsMax = 5000;
const cacheMsMin = 500;
const forgetMs = 120_000;

export type OnAnswered = (markId: number, us: number | null) => void;

/** `also` is told of each answered connection. */
export function createTrafficLatency(now: () => number, also: OnAnswered = () => undefined): TrafficLatency {
  const backends = new Map<number, Traffic>();
  let oneIn = 1;

  function at(markId: number): Traffic {
    const traffic = backends.get(markId) ?? emptyTraffic();
    backends.set(markId, traffic);
    traffic.lastAtMs = now();
    return traffic;
  }

  function failed(markId: number, how: "refused" | "unanswered"): void {
    const traffic = at(markId);
    addSliced(traffic.answered, now(), null);
    opensOf(traffic)[how] += 1;
    totalsOf(traffic)[how] += oneIn;
  }

  function cachedOf(markId: number, nowMs: number): NonNullable<Traffic["cached"]> | null {
    const traffic = backends.get(markId);
    if (traffic === undefined) return null;
    if (traffic.cached === null || nowMs - traffic.cached.atMs > Math.min(cacheMsMax, cacheMsMin + backends.size))
      traffic.cached = {
        atMs: nowMs,
        answered: sampled(slicedTime([traffic.answered], nowMs), oneIn),
        opened: sampled(slicedTime([traffic.opened], nowMs), oneIn),
      };
    return traffic.cached;
  }

  return {
    answered(markId, us) {
      const traffic = at(markId);
      opensOf(traffic).answered += 1;
      also(markId, us);
      if (us === null) return;
      addSliced(traffic.answered, now(), us);
      const totals = totalsOf(traffic);
      totals.times ??= emptyTimeHistogram();
      addTime(totals.times, us);
    },
    opened(markId, us) {
      if (us !== null) addSliced(at(markId).opened, now(), us);
    },
    refused: (markId) => failed(markId, "refused"),
    unanswered: (markId) => failed(markId, "unanswered"),
    reset(markId) {
      const traffic = at(markId);
      opensOf(traffic).reset += 1;
      totalsOf(traffic).reset += oneIn;
    },
    of: (markId, nowMs) => cachedOf(markId, nowMs)?.answered ?? null,
    openedOf: (markId, nowMs) => cachedOf(markId, nowMs)?.opened ?? null,
    farm(markIds, nowMs) {
      const known = markIds.flatMap((id) => backends.get(id)?.answered ?? []);
      return known.length === 0 ? null : sampled(slicedTime(known, nowMs), oneIn);
    },
    times(markId, nowMs) {
      const traffic = backends.get(markId);
      return traffic === undefined ? null : slicedHistogram([traffic.answered], nowMs);
    },
    takeOpens(markId) {
      const traffic = backends.get(markId);
      const opens = traffic?.opens ?? null;
      if (traffic !== undefined) traffic.opens = null;
      return opens;
    },
    drain(markId) {
      const traffic = backends.get(markId);
      const totals = traffic?.totals ?? null;
      if (traffic !== undefined) traffic.totals = null;
      return totals;
    },
    sample(next) {
      oneIn = next;
    },
    prune(nowMs) {
      for (const [id, { lastAtMs }] of backends) if (nowMs - lastAtMs > forgetMs) backends.delete(id);
    },
  };
}

function emptyTraffic(): Traffic {
  const [answered, opened] = [emptySlicedLatency(), emptySlicedLatency()];
  return { answered, opened, opens: null, totals: null, lastAtMs: 0, cached: null };
}

function opensOf(traffic: Traffic): Opens {
  traffic.opens ??= { answered: 0, refused: 0, unanswered: 0, reset: 0 };
  return traffic.opens;
}

function totalsOf(traffic: Traffic): TrafficTotals {
  traffic.totals ??= { times: null, refused: 0, unanswered: 0, reset: 0 };
  return traffic.totals;
}

function sampled(time: ConnectTime | null, oneIn: number): ConnectTime | null {
  return time === null || oneIn === 1 ? time : { ...time, oneIn };
}
