import { describe, expect, test } from "vitest";
import type { FarmSeries } from "@/server/core/metrics/live.ts";
import { addTraffic, sinceKnown, spanMinutes, trafficOf } from "./traffic.ts";
import { addToTrail, sparkPath } from "./trail.ts";

function series(atMs: number[], ...all: (number | null)[][]): FarmSeries {
  return {
    farmId: "f",
    fromMs: 0,
    toMs: 0,
    stepMs: 10_000,
    atMs,
    connect: { p50Ms: [], p95Ms: [], p99Ms: [] },
    traffic: { p50Ms: [], p95Ms: [], p99Ms: [] },
    backends: all.map((newPerS, index) => ({
      backendId: `${index}`,
      newPerS,
      active: newPerS,
      observedPct: [],
      plannedPct: [],
    })),
    retention: { secondsS: 900, minutesS: 21_600 },
  };
}

describe("traffic of farms", () => {
  test("begins where something is known, and names the minutes it covers", () => {
    const points = trafficOf(series([0, 60_000, 120_000, 300_000], [null, null, 4, null]));
    expect(sinceKnown(points).map((point) => point.at)).toEqual([120_000, 300_000]);
    expect(spanMinutes(sinceKnown(points))).toBe(3);
    expect(sinceKnown(trafficOf(series([0, 60_000], [null, null])))).toEqual([]);
  });

  test("a farm's traffic is the sum of its backends, unknown only where none is known", () => {
    const points = trafficOf(series([0, 10, 20], [1, null, null], [2, 3, null]));
    expect(points.map((point) => point.newPerS)).toEqual([3, 3, null]);
  });

  test("all together counts only moments that every farm has", () => {
    const a = trafficOf(series([0, 10, 20], [1, 1, 1]));
    const b = trafficOf(series([10, 20, 30], [5, 5, 5]));
    expect(addTraffic([a, b])).toEqual([
      { at: 10, newPerS: 6, active: 6 },
      { at: 20, newPerS: 6, active: 6 },
    ]);
    expect(addTraffic([])).toEqual([]);
  });
});

describe("sparkline", () => {
  test("a gap breaks the line", () => {
    const at = [0, 1000, 2000, 3000, 4000].map((each, index) => ({ at: each, value: index === 2 ? null : 1 }));
    expect(sparkPath(at).line.match(/M/g)).toHaveLength(2);
  });

  test("nothing known draws nothing", () => {
    expect(sparkPath([{ at: 0, value: null }])).toEqual({ line: "", area: "" });
  });

  test("the trail keeps five minutes and no moment twice", () => {
    const live = (at: number) => ({
      at,
      newPerS: 1,
      active: 1,
      bytesInPerS: 0,
      bytesOutPerS: 0,
      conntrack: null,
      activeEveryS: 1,
    });
    let trail = addToTrail([], live(1000));
    trail = addToTrail(trail, live(1000));
    trail = addToTrail(trail, live(400_000));
    expect(trail.map((point) => point.at)).toEqual([400_000]);
  });
});
