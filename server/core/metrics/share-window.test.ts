import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addShares, emptyShareWindow, turnTo, windowMs } from "./share-window.ts";

describe("share window", () => {
  test("holds exactly the increments of the slots that are still in the ring", () => {
    const steps = fc.array(fc.record({ waitMs: fc.integer({ min: 0, max: 90_000 }), grown: fc.nat({ max: 1000 }) }), {
      maxLength: 120,
    });
    fc.assert(
      fc.property(steps, (list) => {
        const window = emptyShareWindow(2, 0);
        const all: { slot: number; grown: number }[] = [];
        let nowMs = 0;
        for (const { waitMs, grown } of list) {
          nowMs += waitMs;
          addShares(window, nowMs, [grown, null]);
          all.push({ slot: Math.floor(nowMs / 5000), grown });
        }
        const newest = Math.floor(nowMs / 5000);
        const kept = all.filter(({ slot }) => slot > newest - 60);
        expect(window.sums[0]).toBe(kept.reduce((sum, { grown }) => sum + grown, 0));
        expect(window.sums[1]).toBe(0);
      }),
    );
  });

  test("reaches back at most 5 minutes", () => {
    const window = emptyShareWindow(1, 0);
    expect(windowMs(window, 12_000)).toBe(12_000);
    turnTo(window, 3_600_000);
    expect(windowMs(window, 3_600_000)).toBeGreaterThan(290_000);
    expect(windowMs(window, 3_600_000)).toBeLessThanOrEqual(300_000);
  });

  test("a long silence empties it", () => {
    const window = emptyShareWindow(1, 0);
    addShares(window, 0, [10]);
    turnTo(window, 10_000_000);
    expect(window.sums[0]).toBe(0);
  });
});
