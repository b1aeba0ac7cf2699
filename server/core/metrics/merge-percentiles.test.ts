import fc from "fast-check";
import { expect, it } from "vitest";
import { mergedPercentiles } from "./merge-percentiles.ts";

const pcts = [50, 95, 99];
const part = fc
  .tuple(
    fc.double({ min: 0.01, max: 100, noNaN: true }),
    fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 3, maxLength: 3 }),
  )
  .map(([weight, values]) => ({ weight, values: values.sort((a, b) => a - b) }));

it("one part is itself, alike parts are one, and what is merged is never outside its parts nor out of order", () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
      const [first] = parts;
      if (first === undefined) throw new Error("one at least");
      expect(mergedPercentiles([first], pcts)).toEqual(first.values);
      expect(mergedPercentiles([first, first, first], pcts)).toEqual(first.values);
      const merged = mergedPercentiles(parts, pcts) ?? [];
      for (const [at, value] of merged.entries()) {
        const own = parts.map(({ values }) => values[at] ?? 0);
        expect(value).toBeGreaterThanOrEqual(Math.min(...parts.flatMap(({ values }) => values)));
        expect(value).toBeLessThanOrEqual(Math.max(...own));
        expect(value).toBeGreaterThanOrEqual(merged[at - 1] ?? 0);
      }
    }),
  );
});

it("a part counts by how many samples it has, and no part is no percentile", () => {
  const quiet = { weight: 10, values: [1, 2, 3] };
  expect(mergedPercentiles([quiet, { weight: 990, values: [50, 90, 120] }], pcts)).toEqual([50, 90, 120]);
  expect(mergedPercentiles([quiet, { weight: 0.01, values: [50, 90, 120] }], pcts)).toEqual([1, 2, 3]);
  expect(mergedPercentiles([], pcts)).toBeNull();
});
