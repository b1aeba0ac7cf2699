/**
 * What is known now of the backends of a farm that serve, for the measure its scheduler goes by. Backends are compared only by the
 * same kind of measurement: opening a connection counts by real traffic when all of them had some lately, else by the probes of all.
 */
import type { Measure } from "../core/dynamic/costs.ts";
import { nothingSpread, tailsOf } from "../core/dynamic/spread.ts";
import type { Tails } from "../core/dynamic/words.ts";
import { type CheckType, checkOf } from "../core/farm/health-check.ts";
import type { Farm } from "../core/farm/types.ts";
import type { ConntrackDump } from "./conntrack.ts";
import { connectsByCheck } from "./probe-ports.ts";
import type { Recent, RecentTimes, TimeSource } from "./recent-times.ts";

export type WeighSources = {
  readonly recent: RecentTimes;
  readonly dump: () => { readonly dump: ConntrackDump | null; readonly periodMs: number };
  readonly probeIntervalMs: number;
};

/** One backend that serves: its place in the farm, and the kernel's number of it. */
export type Weighed = { readonly index: number; readonly markId: number };

export type Reading = {
  readonly value: number | null;
  readonly atMs: number;
  /** how long it is good for */
  readonly staleMs: number;
  /** of a time to answer: what was added up to it; absent = no such time, or none is known */
  readonly parts?: { readonly open?: TimeSource; readonly answer?: TimeSource };
};

/** a load is asked for this often */
export const loadIntervalMs = 2000;
const freshMs = 5000;
/** a measurement that was missed once is still good */
const intervalsFresh = 2.5;

const unknown: Reading = { value: null, atMs: 0, staleMs: 0 };

/** In the order of `weighed`. */
export function readingsOf(
  measure: Measure,
  farm: Farm,
  weighed: readonly Weighed[],
  sources: WeighSources,
  nowMs: number,
): Reading[] {
  const { recent } = sources;
  if (measure === "connections") return connectionReadings(weighed, sources);
  if (measure === "response") return responseReadings(farm, weighed, sources, nowMs);
  if (measure === "load") return weighed.map(({ markId }) => reading(recent.load(markId), loadIntervalMs));
  return weighed.map(({ markId, index }) =>
    reading(recent.wanted(markId), farm.dynamic.load === null ? intervalOf(farm, index) : loadIntervalMs),
  );
}

function connectionReadings(weighed: readonly Weighed[], sources: WeighSources): Reading[] {
  const { dump, periodMs } = sources.dump();
  if (dump === null) return weighed.map(() => unknown);
  const staleMs = staleOf(periodMs);
  return weighed.map(({ markId }) => ({ value: dump.active.get(markId) ?? 0, atMs: dump.atMs, staleMs }));
}

/** Checks that say how long the application takes; a ping or an opened connection say no more than the connect probe. */
const answering: ReadonlySet<CheckType> = new Set(["http", "https", "grpc", "dns"]);

/** Opening a connection, and what the application took to answer its check on top. */
function responseReadings(
  farm: Farm,
  weighed: readonly Weighed[],
  { recent, probeIntervalMs }: WeighSources,
  nowMs: number,
): Reading[] {
  // where a check connects anyway nobody else does, however seldom it asks
  const connectIntervalMs = (index: number) =>
    connectsByCheck(farm, index) ? intervalOf(farm, index) : probeIntervalMs;
  const traffic = weighed.map(({ markId }) => opened("traffic", recent.traffic(markId), probeIntervalMs));
  const isFresh = ({ value, atMs, staleMs }: Reading) => value !== null && nowMs - atMs <= staleMs;
  const opening = traffic.every(isFresh)
    ? traffic
    : weighed.map(({ markId, index }) => opened("connect", recent.connect(markId), connectIntervalMs(index)));
  return weighed.map(({ markId, index }, at) => {
    const intervalMs = intervalOf(farm, index);
    const open = opening[at] ?? unknown;
    const isAnswering = answering.has(checkOf(farm, index)?.type ?? "ping");
    if (open.value === null) return opened("check", recent.check(markId), intervalMs);
    // an old opening and a new answer are no time together
    if (!isAnswering || !isFresh(open)) return open;
    const answer = reading(recent.answer(markId), intervalMs);
    if (answer.value === null) return unknown;
    return { ...answer, value: open.value + answer.value, parts: { ...open.parts, answer: "answer" } };
  });
}

const openParts: Readonly<Record<TimeSource, { readonly open: TimeSource }>> = {
  traffic: { open: "traffic" },
  connect: { open: "connect" },
  check: { open: "check" },
  answer: { open: "answer" },
};

function opened(open: TimeSource, recent: Recent | null, intervalMs: number): Reading {
  if (recent === null) return unknown;
  return { value: recent.value, atMs: recent.atMs, staleMs: staleOf(intervalMs), parts: openParts[open] };
}

/** For words: p95 beside what steers, through the same window; in the order of `weighed`. null = not known, or not measured alike. */
export function tailsOfReadings(
  weighed: readonly Weighed[],
  readings: readonly Reading[],
  recent: RecentTimes,
  nowMs: number,
): (Tails | null)[] {
  const known = readings.map(({ atMs, staleMs, parts }) => (nowMs - atMs <= staleMs ? parts : undefined));
  const { open, answer } = known.find((parts) => parts !== undefined) ?? {};
  const isAlike = known.every((parts) => parts === undefined || (parts.open === open && parts.answer === answer));
  if (open === undefined || !isAlike) return weighed.map(() => null);
  const tails = (of: TimeSource) =>
    tailsOf(weighed.map(({ markId }, at) => (known[at] === undefined ? nothingSpread : recent.spread(of, markId))));
  const opens = tails(open);
  const answers = answer === undefined ? [] : tails(answer);
  const isTraffic = open === "traffic";
  const alone = isTraffic ? "geometric mean" : "median";
  const both = isTraffic ? "sum of mean opening and median answer" : "sum of both medians";
  return weighed.map((_, at) => ({
    open: opens[at] ?? null,
    answer: answers[at] ?? null,
    typical: answer === undefined ? alone : both,
  }));
}

function intervalOf(farm: Farm, index: number): number {
  return checkOf(farm, index)?.intervalMs ?? loadIntervalMs;
}

function reading(recent: Recent | null, intervalMs: number): Reading {
  return recent === null ? unknown : { value: recent.value, atMs: recent.atMs, staleMs: staleOf(intervalMs) };
}

function staleOf(intervalMs: number): number {
  return Math.max(freshMs, intervalMs * intervalsFresh);
}
