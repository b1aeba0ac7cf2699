import { describe, expect, test } from "vitest";
import type { BackendLive, FarmLive, FarmSeries } from "@/server/core/metrics/live.ts";
import { appendLive, hasHole, startBuffer } from "./series-buffer.ts";

const stepMs = 5000;
const rangeMs = 60_000;

function series(atMs: number[], newPerS: (number | null)[]): FarmSeries {
  const none = atMs.map(() => null);
  return {
    farmId: "f",
    fromMs: (atMs.at(-1) ?? 0) - rangeMs,
    toMs: (atMs.at(-1) ?? 0) + 1000,
    stepMs,
    atMs,
    connect: { p50Ms: none, p95Ms: none, p99Ms: none },
    traffic: { p50Ms: none, p95Ms: none, p99Ms: none },
    backends: [{ backendId: "a", newPerS, active: none, observedPct: none, plannedPct: none }],
    retention: { secondsS: 900, minutesS: 21_600 },
  };
}

function backend(backendId: string, newPerS: number | null): BackendLive {
  return {
    backendId,
    adminState: "active",
    health: "unknown",
    reason: null,
    plannedPct: 50,
    programmedPct: 50,
    observed: null,
    newPerS,
    active: 1,
    packetsInPerS: null,
    packetsOutPerS: null,
    bytesInPerS: null,
    bytesOutPerS: null,
    connect: null,
    lastProbeAt: null,
  };
}

function live(at: number, backends: BackendLive[]): FarmLive {
  return {
    farmId: "f",
    at,
    word: "up",
    reason: null,
    serving: 1,
    total: 1,
    newPerS: 0,
    active: 0,
    bytesInPerS: 0,
    bytesOutPerS: 0,
    connect: null,
    vips: [],
    hints: [],
    turnedAway: [],
    logPrefix: null,
    backends,
  };
}

describe("a history that grows by live rows", () => {
  test("a row of the last bin is averaged into it, weighted by what the bin already holds", () => {
    const start = startBuffer(series([0, 5000], [10, 10]));
    const next = appendLive(start, live(7000, [backend("a", 20)]), rangeMs);
    expect(next.series.atMs).toEqual([0, 5000]);
    expect(next.series.backends[0]?.newPerS).toEqual([10, 15]);
  });

  test("a row of a new bin opens it", () => {
    const start = startBuffer(series([0, 5000], [10, 10]));
    const next = appendLive(start, live(10_500, [backend("a", 20)]), rangeMs);
    expect(next.series.atMs).toEqual([0, 5000, 10_000]);
    expect(next.series.backends[0]?.newPerS).toEqual([10, 10, 20]);
  });

  test("an unknown rate stays unknown and is not zero", () => {
    const start = startBuffer(series([0, 5000], [10, 10]));
    const next = appendLive(start, live(10_500, [backend("a", null)]), rangeMs);
    expect(next.series.backends[0]?.newPerS).toEqual([10, 10, null]);
  });

  test("times of real connections go on beside those of probes, and stay a gap while nobody connects", () => {
    const start = startBuffer(series([0, 5000], [10, 10]));
    const traffic = { p50Ms: 1, p95Ms: 4, p99Ms: 9, samples: 60, failed: 0 };
    const row = { ...backend("a", 1), traffic };
    const once = appendLive(start, { ...live(10_500, [row]), traffic }, rangeMs);
    const next = appendLive(once, live(15_500, [backend("a", 1)]), rangeMs);
    expect(next.series.traffic.p99Ms).toEqual([null, null, 9, null]);
    expect(next.series.backends[0]?.traffic?.p95Ms).toEqual([null, null, 4, null]);
    expect([next.series.backends[0]?.connect, start.series.backends[0]?.traffic]).toEqual([undefined, undefined]);
  });

  test("a backend that was not there yet has no past", () => {
    const start = startBuffer(series([0, 5000], [10, 10]));
    const next = appendLive(start, live(10_500, [backend("a", 1), backend("b", 2)]), rangeMs);
    expect(next.series.backends[1]?.newPerS).toEqual([null, null, 2]);
  });

  test("points older than the range are dropped", () => {
    const at = Array.from({ length: 13 }, (_, index) => index * stepMs);
    const start = startBuffer(
      series(
        at,
        at.map(() => 1),
      ),
    );
    const next = appendLive(start, live(70_000, [backend("a", 1)]), rangeMs);
    expect(next.series.atMs[0]).toBe(10_000);
    expect(next.series.backends[0]?.newPerS).toHaveLength(next.series.atMs.length);
  });

  test("a row that came twice changes nothing", () => {
    const start = appendLive(startBuffer(series([0], [10])), live(3000, [backend("a", 20)]), rangeMs);
    expect(appendLive(start, live(3000, [backend("a", 99)]), rangeMs)).toBe(start);
  });

  test("a silence of more than five seconds is a hole that the server must fill", () => {
    const start = startBuffer(series([0, 5000], [10, 10]));
    expect(hasHole(start, start.newestMs + 4000)).toBe(false);
    expect(hasHole(start, start.newestMs + 6000)).toBe(true);
  });
});
