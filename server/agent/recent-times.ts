/**
 * What was measured of each backend (by the kernel's id) in the last seconds, for weights that follow it: much shorter than the minute that
 * pages show, since a weight must answer within seconds, and robust against a single late answer. Times in milliseconds.
 */
import { nothingSpread, type Spread } from "../core/dynamic/spread.ts";
import { bucketMiddleUs, bucketOf } from "../core/metrics/buckets.ts";
import type { ProbeResult } from "../wire/prober.ts";
import { isOf, markOf } from "./probe-keys.ts";

export type Recent = { readonly value: number; readonly atMs: number };

/** What is known of how long a backend takes. */
export type TimeSource = "traffic" | "connect" | "check" | "answer";

export type RecentTimes = {
  /** `connects`: those of them that measure how long a connection takes */
  take(results: readonly ProbeResult[], connects?: readonly ProbeResult[]): void;
  /** a real connection was answered after so long; null = the kernel does not say */
  answered(markId: number, us: number | null): void;
  /** opening a connection: by real traffic (geometric mean, the last seconds weigh most), by the connect probe */
  traffic(markId: number): Recent | null;
  connect(markId: number): Recent | null;
  /** the health check: until it was answered, and how much of it came after the connection stood */
  check(markId: number): Recent | null;
  answer(markId: number): Recent | null;
  /** the times that a value above was made of, each with the weight it had in it */
  spread(of: TimeSource, markId: number): Spread;
  /** percent of CPU */
  load(markId: number): Recent | null;
  /** percent of its weight that the backend asks for, by an agent that is asked for load or for health */
  wanted(markId: number): Recent | null;
  forget(keys: Iterable<string>): void;
};

const samplesMax = 5;
/** so long the last few are one measurement; where it is measured more rarely, the newest counts alone */
const togetherMs = 4500;
/** what real connections said weighs half as much after this time */
const trafficHalfLifeMs = 1000;

type Ring = { readonly values: number[]; readonly atMs: number[] };
/**
 * Weights grow with time instead of shrinking (a second weighs twice as much as the one before), so that nothing that was counted has to
 * be touched again until the numbers grow too large. `agedMs`: since the weights began at 1.
 */
type Traffic = { logSum: number; weight: number; spread: Map<number, number>; atMs: number; agedMs: number };
const agedMsMax = 60_000;
type What = "connect" | "check" | "answer" | "load" | "wanted";

export function createRecentTimes(now: () => number): RecentTimes {
  const rings: Record<What, Map<number, Ring>> = {
    connect: new Map(),
    check: new Map(),
    answer: new Map(),
    load: new Map(),
    wanted: new Map(),
  };
  const opened = new Map<number, Traffic>();

  function add(what: What, markId: number, value: number | null | undefined): void {
    if (value === null || value === undefined) return;
    const ring = rings[what].get(markId) ?? { values: [], atMs: [] };
    rings[what].set(markId, ring);
    ring.values.push(value);
    ring.atMs.push(now());
    if (ring.values.length <= samplesMax) return;
    ring.values.shift();
    ring.atMs.shift();
  }

  function takeOne(result: ProbeResult): void {
    const markId = markOf(result.key);
    const { connectUs, tookUs, error, loadPct, weightPct } = result;
    add("wanted", markId, weightPct);
    if (error !== null || tookUs === null) return;
    else if (isOf(result.key, "load")) add("load", markId, loadPct);
    else {
      add("check", markId, tookUs / 1000);
      add("answer", markId, (tookUs - (connectUs ?? 0)) / 1000);
    }
  }

  const newest = (what: What) => (markId: number) => recentOf(rings[what].get(markId));
  return {
    take(results, connects = results.filter(({ key }) => isOf(key, "connect"))) {
      for (const { key, connectUs } of connects)
        add("connect", markOf(key), connectUs === null ? null : connectUs / 1000);
      for (const result of results) if (!isOf(result.key, "connect")) takeOne(result);
    },
    answered(markId, us) {
      if (us === null) return;
      const atMs = now();
      const known = opened.get(markId) ?? { logSum: 0, weight: 0, spread: new Map(), atMs, agedMs: 0 };
      opened.set(markId, known);
      // a clock that was set back must not make the past weigh more
      known.agedMs += Math.max(0, atMs - known.atMs);
      known.atMs = atMs;
      if (known.agedMs > agedMsMax) beginAnew(known);
      const weight = 2 ** (known.agedMs / trafficHalfLifeMs);
      const bucket = bucketOf(us);
      known.logSum += weight * Math.log(Math.max(1, us));
      known.weight += weight;
      known.spread.set(bucket, (known.spread.get(bucket) ?? 0) + weight);
    },
    traffic(markId) {
      const known = opened.get(markId);
      return known === undefined ? null : { value: Math.exp(known.logSum / known.weight) / 1000, atMs: known.atMs };
    },
    connect: newest("connect"),
    check: newest("check"),
    answer: newest("answer"),
    spread(of, markId) {
      if (of !== "traffic") return { times: togetherOf(rings[of].get(markId)), weights: null };
      const known = opened.get(markId);
      return known === undefined ? nothingSpread : spreadOfTraffic(known);
    },
    load: newest("load"),
    wanted: newest("wanted"),
    forget(keys) {
      for (const key of keys) {
        const markId = markOf(key);
        if (isOf(key, "connect")) for (const map of [rings.connect, opened]) map.delete(markId);
        // a check that connects is all that asks: what real connections said has no other end
        if (isOf(key, "check"))
          for (const map of [rings.connect, rings.check, rings.answer, rings.wanted, opened]) map.delete(markId);
        if (isOf(key, "load")) for (const map of [rings.load, rings.wanted]) map.delete(markId);
      }
    },
  };
}

/** for one median after the other: it is asked of ten thousand backends each second */
const sorted: number[] = [];

/** Median of the last few, so that one late answer moves nothing. */
function recentOf(ring: Ring | undefined): Recent | null {
  const atMs = ring?.atMs.at(-1);
  if (ring === undefined || atMs === undefined) return null;
  let known = 0;
  for (let at = 0; at < ring.values.length; at++)
    if (atMs - (ring.atMs[at] ?? 0) <= togetherMs) insert(sorted, known++, ring.values[at] ?? 0);
  const middle = known >> 1;
  const upper = sorted[middle] ?? 0;
  return { value: known % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2, atMs };
}

/** Those of the last few that are one measurement. */
function togetherOf(ring: Ring | undefined): number[] {
  const atMs = ring?.atMs.at(-1) ?? 0;
  return ring === undefined ? [] : ring.values.filter((_, at) => atMs - (ring.atMs[at] ?? 0) <= togetherMs);
}

/** a connection that weighs less than this is forgotten */
const weightMin = 1e-6;

/** The same weights, counted from now on. */
function beginAnew(traffic: Traffic): void {
  const kept = 0.5 ** (traffic.agedMs / trafficHalfLifeMs);
  traffic.agedMs = 0;
  traffic.logSum *= kept;
  traffic.weight *= kept;
  for (const [bucket, weight] of traffic.spread)
    if (weight * kept < weightMin) traffic.spread.delete(bucket);
    else traffic.spread.set(bucket, weight * kept);
}

/** As of its last connection, which weighs 1. */
function spreadOfTraffic({ spread, agedMs }: Traffic): Spread {
  const scale = 0.5 ** (agedMs / trafficHalfLifeMs);
  return {
    times: Array.from(spread.keys(), (bucket) => bucketMiddleUs(bucket) / 1000),
    weights: Array.from(spread.values(), (weight) => weight * scale),
  };
}

/** Into a list of which so many are sorted. */
function insert(list: number[], count: number, value: number): void {
  let at = count;
  for (; at > 0 && (list[at - 1] ?? 0) > value; at--) list[at] = list[at - 1] ?? 0;
  list[at] = value;
}
