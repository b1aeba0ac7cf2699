import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addTo,
  type Buckets,
  emptyBuckets,
  mergeBuckets,
  percentileErrorMax,
  percentilesUs,
  percentileUs,
  samplesIn,
} from "./buckets.ts";

const times = fc.array(fc.double({ min: 1, max: 134_000_000, noNaN: true }), { maxLength: 200 });

function bucketsOf(samples: readonly number[]): Buckets {
  const buckets = emptyBuckets();
  for (const us of samples) addTo(buckets, us);
  return buckets;
}

describe("buckets", () => {
  test("the buckets of a union are the merged buckets", () => {
    fc.assert(
      fc.property(times, times, times, (a, b, c) => {
        expect(mergeBuckets([bucketsOf(a), bucketsOf(b), bucketsOf(c)])).toEqual(bucketsOf([...a, ...b, ...c]));
      }),
    );
  });

  test("a percentile is within the stated error of the exact one", () => {
    fc.assert(
      fc.property(
        times.filter((list) => list.length > 0),
        fc.integer({ min: 1, max: 100 }),
        (samples, pct) => {
          const sorted = [...samples].sort((a, b) => a - b);
          const exact = sorted[Math.ceil((pct / 100) * sorted.length - 1e-9) - 1] ?? Number.NaN;
          const estimate = percentileUs(bucketsOf(samples), pct) ?? Number.NaN;
          expect(Math.abs(estimate - exact) / exact).toBeLessThanOrEqual(percentileErrorMax + 1e-6);
        },
      ),
    );
  });

  test("the stated error is 2.2 percent", () => {
    expect(percentileErrorMax).toBeCloseTo(0.0219, 4);
  });

  test("times outside the range land in the end buckets and are still counted", () => {
    const buckets = bucketsOf([0, -1, 0.5, 1e12]);
    expect(samplesIn(buckets)).toBe(4);
    expect(percentileUs(buckets, 50)).toBe(1);
  });

  test("no samples have no percentiles", () => {
    expect(percentilesUs(emptyBuckets(), [50, 95, 99])).toEqual([null, null, null]);
  });
});
