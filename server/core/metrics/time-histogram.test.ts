import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addTime, addTimes, emptyTimeHistogram, timeBoundsS } from "./time-histogram.ts";

describe("a histogram of times", () => {
  test("has bounds that double, from 64 us to 16.8 s", () => {
    expect(timeBoundsS[0]).toBe(0.000064);
    expect(timeBoundsS.at(-1)).toBeCloseTo(16.777216, 9);
    for (const [at, bound] of timeBoundsS.entries())
      if (at > 0) expect(bound / (timeBoundsS[at - 1] ?? 0)).toBeCloseTo(2, 9);
  });

  test("puts each time under the smallest bound that it does not exceed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40_000_000 }), (us) => {
        const histogram = emptyTimeHistogram();
        addTime(histogram, us);
        const at = histogram.counts.indexOf(1);
        expect(us / 1e6).toBeLessThanOrEqual(timeBoundsS[at] ?? Number.POSITIVE_INFINITY);
        if (at > 0) expect(us / 1e6).toBeGreaterThan(timeBoundsS[at - 1] ?? 0);
      }),
    );
  });

  test("of a farm is the sum over its backends", () => {
    const [a, b] = [emptyTimeHistogram(), emptyTimeHistogram()];
    addTime(a, 1000);
    addTime(b, 500_000);
    addTimes(a, b);
    expect(a.counts.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(a.sumS).toBeCloseTo(0.501, 9);
  });
});
