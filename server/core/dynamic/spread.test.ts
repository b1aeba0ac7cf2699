import fc from "fast-check";
import { expect, it } from "vitest";
import { type Spread, tailsOf } from "./spread.ts";

const times = fc.array(fc.double({ min: 0.01, max: 10_000, noNaN: true }), { minLength: 2, maxLength: 60 });

/** the smallest that 95 of 100 do not exceed */
function exact(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(0.95 * sorted.length - 1e-9) - 1] ?? 0;
}

const spreadOf = (values: readonly number[]): Spread => ({ times: values, weights: null });

it("a tail is the p95 of one, and of all the others together", () => {
  fc.assert(
    fc.property(fc.array(times, { minLength: 2, maxLength: 5 }), (all) => {
      for (const [at, tail] of tailsOf(all.map(spreadOf)).entries())
        expect(tail).toEqual({
          ownMs: exact(all[at] ?? []),
          othersMs: exact(all.filter((_, other) => other !== at).flat()),
        });
    }),
  );
});

it("a time that weighs little moves no percentile, and one that weighs much does", () => {
  const late = (weight: number) => ({ times: [10, 400], weights: [10, weight] });
  const others = spreadOf([1, 1, 1]);
  expect(tailsOf([late(0.4), others])[0]?.ownMs).toBe(10);
  expect(tailsOf([late(0.6), others])[0]?.ownMs).toBe(400);
});

it("a single time is no percentile, and neither is it beside nobody", () => {
  expect(tailsOf([spreadOf([5]), spreadOf([1, 2, 3])])).toEqual([null, null]);
  expect(tailsOf([spreadOf([5, 6, 7])])).toEqual([null]);
});
