import { describe, expect, test } from "vitest";
import type { ChartData, Values } from "./chart-data.ts";
import { backendData, csvOf, indexAt, maxOf, maxWithNow, stackEdges } from "./chart-data.ts";
import { gapsOf, silenceBefore } from "./gaps.ts";
import { timesNow } from "./now-values.ts";
import { scaleFor, timeTicks } from "./scale.ts";

function data(...all: Values[]): ChartData {
  const length = all[0]?.length ?? 0;
  const atMs = Array.from({ length }, (_, index) => index * 5000);
  return {
    fromMs: 0,
    toMs: (length - 1) * 5000 + 3000,
    stepMs: 5000,
    atMs,
    series: all.map((values, index) => ({ key: `${index}`, label: `web-${index + 1}`, mark: index, values })),
  };
}

describe("chart data", () => {
  test("a stretch where nothing is known is a gap, a zero is not", () => {
    expect(gapsOf(data([1, 0, 0, 1]))).toEqual([]);
    expect(gapsOf(data([1, null, null, 1]))).toEqual([{ fromMs: 0, toMs: 15_000 }]);
  });

  test("however many backends a farm has, a chart has nine series: eight, and the sum of the others", () => {
    const backends = Array.from({ length: 12 }, (_, at) => ({ id: `b-${at}`, name: `web-${at + 1}` }));
    const drawn = backendData(
      {
        ...data([1, 1]),
        backends: backends.map(({ id }, at) => ({
          backendId: id,
          newPerS: [at, at === 11 ? null : 1],
          active: [],
          observedPct: [],
          plannedPct: [],
        })),
        farmId: "a",
        connect: { p50Ms: [], p95Ms: [], p99Ms: [] },
        traffic: { p50Ms: [], p95Ms: [], p99Ms: [] },
        retention: { secondsS: 900, minutesS: 21_600 },
      },
      backends,
      "newPerS",
    );
    expect(drawn.series).toHaveLength(9);
    expect(drawn.series.at(-1)).toMatchObject({ label: "4 others", values: [8 + 9 + 10 + 11, 3] });
  });

  test("what lies before the first known value is no gap", () => {
    expect(gapsOf(data([null, null, 1, 1]))).toEqual([]);
  });

  describe("the time before the agent's first sample", () => {
    const series = (planned: Values) => ({
      ...data(planned),
      backends: [{ backendId: "a", newPerS: [], active: [], observedPct: [], plannedPct: planned }],
    });
    const late = series([null, null, null, null, 50, 50]);

    test("is told when the farm existed before", () => {
      const text = silenceBefore(late, 0)?.text;
      expect(silenceBefore(late, 0)).toMatchObject({ fromMs: 0, toMs: 20_000 });
      expect(text).toMatch(/^no samples: the agent started at \d\d:\d\d:20$/);
    });

    test("begins when the farm was made, and is none for a new farm", () => {
      expect(silenceBefore(late, 5000)).toMatchObject({ fromMs: 5000, toMs: 20_000 });
      expect(silenceBefore(late, 19_000)).toBeNull();
      expect(silenceBefore(late, null)).toBeNull();
    });

    test("is none when the history reaches back, or nothing was sampled at all", () => {
      expect(silenceBefore(series([50, 50, 50]), 0)).toBeNull();
      expect(silenceBefore(series([null, null, null]), 0)).toBeNull();
    });
  });

  test("the value beside the maximum is never above it", () => {
    expect(maxWithNow(27, 30)).toBe(30);
    expect(maxWithNow(27, 3)).toBe(27);
    expect(maxWithNow(null, 3)).toBe(3);
    expect(maxWithNow(27, null)).toBe(27);
    expect(maxWithNow(null, null)).toBeNull();
  });

  test("what is not measured has no value now", () => {
    expect([...timesNow(null).values()]).toEqual([null, null, null]);
  });

  test("a gap that lasts until now reaches to the end", () => {
    expect(gapsOf(data([1, 1, null, null, null, null]))).toEqual([{ fromMs: 5000, toMs: 28_000 }]);
  });

  test("one backend without a value is no gap of the whole chart", () => {
    expect(gapsOf(data([1, null, 1], [1, 1, 1]))).toEqual([]);
  });

  test("the stack breaks where nothing is known and adds up elsewhere", () => {
    const edges = stackEdges(data([1, null, 2], [3, null, 4]));
    expect(edges[0]).toEqual([[0, 1], null, [0, 2]]);
    expect(edges[1]).toEqual([[1, 4], null, [2, 6]]);
  });

  test("the largest value of a stack is that of the sum", () => {
    expect(maxOf(data([1, 5], [3, 1]), true)).toBe(6);
    expect(maxOf(data([1, 5], [3, 1]), false)).toBe(5);
    expect(maxOf(data([null], [null]), true)).toBeNull();
  });

  test.each([
    [184, 200],
    [0, 1],
    [99.9, 100],
    [1254, 2000],
    [3, 3],
  ])("a scale for %d ends at a round number", (max, end) => {
    const scale = scaleFor(max, 1);
    expect(scale.max).toBeGreaterThanOrEqual(max);
    expect(scale.max).toBeLessThanOrEqual(Math.max(end, max * 1.6));
    expect(scale.ticks[0]).toBe(0);
    expect(scale.ticks.length).toBeLessThanOrEqual(5);
  });

  test("ticks of counted things are whole numbers at even distances", () => {
    for (const max of [4, 7, 10, 11, 25, 90]) expect(scaleFor(max, 4).ticks.every(Number.isInteger)).toBe(true);
  });

  test("ticks of time are round and few", () => {
    const ticks = timeTicks(1_000_000, 1_300_000);
    expect(ticks.length).toBeGreaterThanOrEqual(4);
    expect(ticks.length).toBeLessThanOrEqual(8);
    expect(ticks.every((at) => at % 10_000 === 0)).toBe(true);
  });

  test("the nearest point to a moment is found", () => {
    expect(indexAt(data([1, 2, 3]), 7400)).toBe(1);
    expect(indexAt(data([1, 2, 3]), 7600)).toBe(2);
    expect(indexAt({ atMs: [] }, 0)).toBe(-1);
  });

  test("in CSV an unknown value is empty, not zero", () => {
    expect(csvOf(data([1, null], [0, 2]))).toBe(
      "time,web-1,web-2\r\n1970-01-01T00:00:00.000Z,1,0\r\n1970-01-01T00:00:05.000Z,,2\r\n",
    );
  });
});
