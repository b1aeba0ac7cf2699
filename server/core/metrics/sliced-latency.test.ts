import fc from "fast-check";
import { expect, test } from "vitest";
import { percentileErrorMax } from "./buckets.ts";
import { addSliced, emptySlicedLatency, slicedHistogram, slicedTime } from "./sliced-latency.ts";

const samples = fc.array(
  fc.record({
    waitMs: fc.integer({ min: 0, max: 8000 }),
    us: fc.option(fc.integer({ min: 2, max: 10_000_000 }), { nil: null }),
  }),
  { minLength: 1, maxLength: 200 },
);

test("counts every sample of the last 50 s and none of more than 60 s ago, and its percentiles are true", () => {
  fc.assert(
    fc.property(samples, fc.integer({ min: 0, max: 90_000 }), (list, tailMs) => {
      const latency = emptySlicedLatency();
      let nowMs = 0;
      const all = list.map(({ waitMs, us }) => {
        nowMs += waitMs;
        addSliced(latency, nowMs, us);
        return { at: nowMs, us };
      });
      nowMs += tailMs;
      const time = slicedTime([latency], nowMs);
      const within = (ms: number) => all.filter(({ at }) => at > nowMs - ms).length;
      const counted = (time?.samples ?? 0) + (time?.failed ?? 0);
      expect(counted).toBeGreaterThanOrEqual(within(50_000));
      expect(counted).toBeLessThanOrEqual(within(60_000));
      const inside = all.slice(all.length - counted).flatMap(({ us }) => us ?? []);
      expect(time?.samples ?? 0).toBe(inside.length);
      const sorted = inside.sort((a, b) => a - b);
      const median = sorted[Math.ceil(sorted.length / 2) - 1];
      if (median !== undefined)
        expect(Math.abs((time?.p50Ms ?? 0) * 1000 - median) / median).toBeLessThanOrEqual(percentileErrorMax + 1e-9);
      const shown = slicedHistogram([latency], nowMs)?.counts ?? [];
      expect(shown.reduce((sum, count) => sum + count, 0)).toBe(inside.length);
    }),
  );
});

test("a quiet minute leaves nothing, and holds nothing once a sample comes", () => {
  const latency = emptySlicedLatency();
  for (let at = 0; at < 60_000; at += 100) addSliced(latency, at, 1000);
  expect(slicedTime([latency], 120_000)).toBeNull();
  expect(slicedHistogram([latency], 120_000)).toBeNull();
  addSliced(latency, 200_000, null);
  expect(latency.slices).toHaveLength(1);
  expect(slicedTime([latency], 200_000)).toEqual({ p50Ms: null, p95Ms: null, p99Ms: null, samples: 0, failed: 1 });
});

test("a farm's time is that of all its backends together; the histogram doubles from bound to bound", () => {
  const fast = emptySlicedLatency();
  const slow = emptySlicedLatency();
  for (let at = 0; at < 90; at++) addSliced(fast, 0, 1000);
  for (let at = 0; at < 10; at++) addSliced(slow, 0, 100_000);
  const time = slicedTime([fast, slow], 0);
  expect(time?.p50Ms).toBeCloseTo(1, 1);
  expect(time?.p95Ms).toBeGreaterThan(95);
  const histogram = slicedHistogram([fast, slow], 0);
  expect(histogram?.counts.at(0)).toBe(90);
  expect(histogram?.counts.at(-1)).toBe(10);
  expect(histogram?.boundsMs.map((bound, at, all) => bound / (all[at - 1] ?? bound / 2))).toEqual(
    histogram?.boundsMs.map(() => 2),
  );
});
