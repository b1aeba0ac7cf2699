import fc from "fast-check";
import { expect, it } from "vitest";
import { fixedSlotPlan, interleave } from "./apportion.ts";
import { steadyOrder } from "./steady-order.ts";

const weights = fc.array(fc.double({ min: 0.1, max: 1000, noNaN: true }), { minLength: 1, maxLength: 40 });
const changed = (a: readonly number[], b: readonly number[]) => a.filter((owner, at) => owner !== b[at]).length;

it("gives each member its slots, spread over the round within three of its share in every prefix", () => {
  fc.assert(
    fc.property(weights, (list) => {
      const { counts, modulus } = fixedSlotPlan(list);
      const order = steadyOrder(counts);
      const seen = counts.map(() => 0);
      for (const [slot, owner] of order.entries()) {
        seen[owner] = (seen[owner] ?? 0) + 1;
        for (const [at, count] of counts.entries())
          expect(Math.abs((seen[at] ?? 0) - ((slot + 1) * count) / modulus)).toBeLessThan(3);
      }
      expect(seen).toEqual(counts);
    }),
    { numRuns: 60 },
  );
});

it("changes few slots where few counts change", () => {
  const before = [40, 40, 40];
  expect(changed(steadyOrder(before), steadyOrder([36, 42, 42]))).toBe(6);
  expect(changed(interleave(before), interleave([36, 42, 42]))).toBeGreaterThan(60);
  fc.assert(
    fc.property(weights, fc.nat(), (list, which) => {
      const slower = list.map((weight, at) => (at === which % list.length ? weight * 0.74 : weight));
      const [a, b] = [list, slower].map((each) => fixedSlotPlan(each).counts);
      if (a === undefined || b === undefined) throw new Error("two plans");
      const needed = a.reduce((sum, count, at) => sum + Math.max(0, count - (b[at] ?? 0)), 0);
      // each run after the one that shrank moves by what the runs before it did not take
      expect(changed(steadyOrder(a), steadyOrder(b))).toBeLessThanOrEqual(needed * list.length);
    }),
  );
});
