import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { downsample, gridFor, pointsMax } from "./downsample.ts";

describe("downsample", () => {
  test("never more than 120 points, whatever the range, and they cover it", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2e9 }), fc.integer({ min: 1, max: 2 ** 40 }), (fromMs, spanMs) => {
        const grid = gridFor(fromMs, fromMs + spanMs);
        expect(grid.atMs.length).toBeLessThanOrEqual(pointsMax);
        expect(grid.atMs.length).toBeGreaterThan(0);
        expect(grid.atMs[0]).toBeLessThanOrEqual(fromMs);
        expect((grid.atMs.at(-1) ?? 0) + grid.stepMs).toBeGreaterThanOrEqual(fromMs + spanMs);
      }),
    );
  });

  test("the mean of all points weighted by their samples is the mean of the samples", () => {
    const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 600 });
    fc.assert(
      fc.property(values, (list) => {
        const times = list.map((_, index) => index * 1000);
        const grid = gridFor(0, list.length * 1000);
        const points = downsample(grid, times, list);
        const perBin = downsample(
          grid,
          times,
          list.map(() => 1),
        ).map((_, bin) => times.filter((at) => Math.floor(at / grid.stepMs) === bin).length);
        const sum = points.reduce<number>((total, point, bin) => total + (point ?? 0) * (perBin[bin] ?? 0), 0);
        const expected = list.reduce((total, value) => total + value, 0);
        expect(Math.abs(sum - expected)).toBeLessThanOrEqual(1e-6 * (1 + expected));
      }),
    );
  });

  test("a gap stays a gap and zero stays zero", () => {
    const grid = gridFor(0, 5000);
    expect(downsample(grid, [0, 1000, 4000], [0, Number.NaN, 7])).toEqual([0, null, null, null, 7]);
  });

  test("percentiles take the newest known value of a bin, never an average", () => {
    const grid = gridFor(0, 600_000);
    expect(grid.stepMs).toBe(10_000);
    const points = downsample(grid, [0, 1000, 2000], [10, 30, Number.NaN], "last");
    expect(points[0]).toBe(30);
    expect(downsample(grid, [0, 1000, 2000], [10, 30, 20], "max")[0]).toBe(30);
  });

  test("points stand at the same times when the range moves on by a second", () => {
    const first = gridFor(1_000_500, 1_900_500);
    const second = gridFor(1_001_500, 1_901_500);
    expect(second.stepMs).toBe(first.stepMs);
    expect(second.atMs.filter((at) => first.atMs.includes(at)).length).toBeGreaterThan(first.atMs.length - 3);
  });

  test("samples outside the range are left out", () => {
    expect(downsample(gridFor(1000, 3000), [0, 1000, 3000], [9, 1, 9])).toEqual([1, null]);
  });
});
