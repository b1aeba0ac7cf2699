import { expect, test } from "vitest";
import { medianRatio, percentile } from "./table.ts";

test("a ratio is taken within each round: a slow round slows both and changes nothing", () => {
  expect(medianRatio([10, 1, 20], [5, 0.5, 10])).toBe(2);
});

test("percentiles are values that were measured", () => {
  expect(percentile([5, 1, 3], 50)).toBe(3);
  expect(percentile([5, 1, 3], 95)).toBe(5);
});
