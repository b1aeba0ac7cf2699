import { describe, expect, test } from "vitest";
import { addTraffic } from "./traffic.ts";
import { addToTrail, sparkPath } from "./trail.ts";

test("all together counts only moments that every farm has, and is unknown only where none is known", () => {
  const points = (first: number, ...values: (number | null)[]) =>
    values.map((value, index) => ({ at: first + 10 * index, newPerS: value, active: value }));
  expect(addTraffic([points(0, 1, 1, null), points(10, 5, null, 5)])).toEqual([
    { at: 10, newPerS: 6, active: 6 },
    { at: 20, newPerS: null, active: null },
  ]);
  expect(addTraffic([])).toEqual([]);
});

describe("sparkline", () => {
  test("a gap breaks the line", () => {
    const at = [0, 1000, 2000, 3000, 4000].map((each, index) => ({ at: each, value: index === 2 ? null : 1 }));
    expect(sparkPath(at).line.match(/M/g)).toHaveLength(2);
  });

  test("nothing known draws nothing", () => {
    expect(sparkPath([{ at: 0, value: null }])).toEqual({ line: "", area: "" });
  });

  test("the trail keeps five minutes and no moment twice", () => {
    const live = (at: number) => ({
      at,
      newPerS: 1,
      active: 1,
      bytesInPerS: 0,
      bytesOutPerS: 0,
      conntrack: null,
      activeEveryS: 1,
    });
    let trail = addToTrail([], live(1000));
    trail = addToTrail(trail, live(1000));
    trail = addToTrail(trail, live(400_000));
    expect(trail.map((point) => point.at)).toEqual([400_000]);
  });
});
