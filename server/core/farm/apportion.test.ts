import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apportion, fixedSlotPlan, interleave, rotate, slotPlan, slotsMax } from "./apportion.ts";

const weights = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 40 });
const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);

describe("apportion", () => {
  it("sums to the total and gives every weight above 0 at least one slot, and 0 none", () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 40, max: 1000 }), (list, total) => {
        const counts = apportion(list, total);
        expect(sum(counts)).toBe(sum(list) === 0 ? 0 : total);
        for (const [at, weight] of list.entries()) expect((counts[at] ?? 0) > 0).toBe(weight > 0);
      }),
    );
  });

  it("stays within one slot of the exact share where no slot had to be lent", () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 40, max: 1000 }), (list, total) => {
        const exact = list.map((weight) => (weight * total) / Math.max(1, sum(list)));
        fc.pre(sum(list) > 0 && exact.every((share, at) => list[at] === 0 || share >= 1));
        for (const [at, count] of apportion(list, total).entries())
          expect(Math.abs(count - (exact[at] ?? 0))).toBeLessThan(1);
      }),
    );
  });

  it("lends a slot of the largest to a weight too small for one", () => {
    expect(apportion([1000, 1000, 1], 10)).toEqual([4, 5, 1]);
    expect(apportion([1000, 1], 2)).toEqual([1, 1]);
  });

  it("gives a larger weight never fewer slots than a smaller one", () => {
    fc.assert(
      fc.property(weights, (list) => {
        const counts = apportion(list, slotsMax);
        const bySize = list
          .map((weight, at) => ({ weight, count: counts[at] ?? 0 }))
          .sort((a, b) => a.weight - b.weight);
        const least = new Map<number, number>();
        for (const { weight, count } of bySize) least.set(weight, Math.min(count, least.get(weight) ?? count));
        const most = new Map<number, number>();
        for (const { weight, count } of bySize) most.set(weight, Math.max(count, most.get(weight) ?? count));
        const sizes = [...least.keys()];
        for (const [at, size] of sizes.entries())
          expect(least.get(size)).toBeGreaterThanOrEqual(most.get(sizes[at - 1] ?? -1) ?? 0);
      }),
    );
  });
});

describe("fixedSlotPlan", () => {
  it("has a number of slots that no weight moves, and nobody with a weight goes without", () => {
    for (const count of [1, 3, 10, 11, 82, 83, 84, 500, 1000]) {
      const moduli = [0.001, 0.5, 1, 997].map((factor) => {
        const plan = fixedSlotPlan(Array.from({ length: count }, (_, at) => (at === 0 ? 100 * factor : 100)));
        expect(Math.min(...plan.counts)).toBeGreaterThan(0);
        expect(plan.counts.reduce((a, b) => a + b, 0)).toBe(plan.modulus);
        return plan.modulus;
      });
      expect(new Set(moduli).size).toBe(1);
      expect(moduli[0]).toBeGreaterThanOrEqual(120);
    }
    expect(fixedSlotPlan([0, 0])).toEqual({ modulus: 0, counts: [0, 0] });
  });
});

describe("slotPlan", () => {
  it("is exact whenever the reduced sum is at most 1,000", () => {
    expect(slotPlan([100, 50])).toEqual({ modulus: 3, counts: [2, 1] });
    expect(slotPlan([1, 1, 1])).toEqual({ modulus: 3, counts: [1, 1, 1] });
    expect(slotPlan([999, 1])).toEqual({ modulus: 1000, counts: [999, 1] });
    expect(slotPlan([0, 7])).toEqual({ modulus: 1, counts: [0, 1] });
  });

  it("uses 1,000 slots by largest remainder above that", () => {
    const plan = slotPlan([997, 991, 1]);
    expect(plan.modulus).toBe(1000);
    expect(sum(plan.counts)).toBe(1000);
    expect(plan.counts[2]).toBe(1);
  });

  it("keeps the previous modulus while the shares are exact in it", () => {
    expect(slotPlan([100, 100], 6)).toEqual({ modulus: 6, counts: [3, 3] });
    expect(slotPlan([100, 50], 6)).toEqual({ modulus: 6, counts: [4, 2] });
    expect(slotPlan([100, 50], 4)).toEqual({ modulus: 3, counts: [2, 1] });
  });

  it("has no slots when nobody serves", () => {
    expect(slotPlan([], 5)).toEqual({ modulus: 0, counts: [] });
    expect(slotPlan([0, 0], 5)).toEqual({ modulus: 0, counts: [0, 0] });
  });

  it("always sums to its modulus, exact where it says so", () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 0, max: 1000 }), (list, previous) => {
        const { modulus, counts } = slotPlan(list, previous);
        expect(sum(counts)).toBe(modulus);
        expect(modulus).toBeLessThanOrEqual(slotsMax);
        for (const count of counts) expect(Number.isInteger(count)).toBe(true);
        if (modulus < slotsMax)
          for (const [at, count] of counts.entries()) expect(count * sum(list)).toBe((list[at] ?? 0) * modulus);
      }),
    );
  });
});

describe("interleave", () => {
  it("keeps every backend within one slot of its share in every prefix", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 12 }), (counts) => {
        const order = interleave(counts);
        const total = sum(counts);
        expect(order).toHaveLength(total);
        const seen = counts.map(() => 0);
        let worst = 0;
        for (const [at, index] of order.entries()) {
          seen[index] = (seen[index] ?? 0) + 1;
          for (const [backend, count] of counts.entries())
            worst = Math.max(worst, Math.abs((seen[backend] ?? 0) - ((at + 1) * count) / total));
        }
        expect(worst).toBeLessThan(1);
        expect(seen).toEqual(counts);
      }),
    );
  });

  it("spreads a heavy backend among the light ones", () => {
    expect(interleave([4, 1, 1])).toEqual([0, 0, 1, 0, 0, 2]);
    expect(interleave([2, 2])).toEqual([0, 1, 0, 1]);
    expect(interleave([1, 1, 0, 1])).toEqual([0, 1, 3]);
  });
});

describe("rotate", () => {
  it("keeps the order as a ring", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.nat(10_000), (order, rewrites) => {
        const turned = rotate(order, rewrites);
        expect(turned).toHaveLength(order.length);
        const doubled = [...order, ...order].map(String).join(",");
        expect(doubled).toContain(turned.map(String).join(","));
      }),
    );
  });

  it("favours nobody when the generator restarts at 0 a thousand times with one connection each", () => {
    const taken = [0, 0];
    for (let rewrites = 1; rewrites <= 1000; rewrites++) {
      const counts = rewrites % 2 === 0 ? [1, 1] : [2, 1];
      const [first = 0] = rotate(interleave(counts), rewrites);
      taken[first] = (taken[first] ?? 0) + 1;
    }
    const planned = (500 * 1) / 2 + (500 * 2) / 3;
    expect(Math.abs((taken[0] ?? 0) - planned) / 1000).toBeLessThan(0.03);
  });
});
