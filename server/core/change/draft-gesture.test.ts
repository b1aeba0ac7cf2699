import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draftOf, id, shares, sharesOf, weightLists, weightsOf } from "./draft.testing.ts";
import { sliderMax, toggleLock } from "./draft.ts";
import { byCapacity, equalise } from "./draft-fill.ts";
import { beginGesture, endGesture, moveTo, parseValue, setValue } from "./draft-gesture.ts";

describe("weights mode", () => {
  test("rows are independent", () => {
    fc.assert(
      fc.property(weightLists, fc.nat(), fc.integer({ min: 0, max: 1000 }), (weights, pick, value) => {
        const index = pick % weights.length;
        expect(weightsOf(setValue(draftOf(weights), id(index), value))).toEqual(
          weights.map((weight, at) => (at === index ? value : weight)),
        );
      }),
    );
  });

  test("typing a value equals dragging to it, in both modes", () => {
    const modes = fc.constantFrom("weights", "share") as fc.Arbitrary<"weights" | "share">;
    fc.assert(
      fc.property(
        weightLists,
        modes,
        fc.nat(),
        fc.array(shares, { maxLength: 6 }),
        shares,
        (weights, mode, pick, path, value) => {
          const start = draftOf(weights, mode);
          const row = id(pick % weights.length);
          let dragged = beginGesture(start, row);
          for (const step of path) dragged = moveTo(dragged, step);
          expect(endGesture(moveTo(dragged, value))).toEqual(setValue(start, row, value));
        },
      ),
    );
  });

  test("weights 100 and 50 read 66.7 and 33.3; both 50 read 50.0 each", () => {
    const draft = draftOf([100, 50]);
    expect(sharesOf(draft)).toEqual([66.7, 33.3]);
    expect(sharesOf(setValue(draft, id(0), 50))).toEqual([50, 50]);
  });

  test("a locked row is not moved by drag, equalise, capacity or undo of something else", () => {
    const draft = toggleLock(draftOf([10, 20, 30]), id(1));
    expect(weightsOf(setValue(draft, id(1), 99))).toEqual([10, 20, 30]);
    expect(weightsOf(equalise(draft))).toEqual([20, 20, 20]);
    expect(weightsOf(byCapacity(draft, { [id(0)]: 4, [id(1)]: 1, [id(2)]: 8 }))).toEqual([15, 20, 30]);
  });

  test("letters, -1 and 1001 are refused with a message; 37 is taken", () => {
    for (const text of ["a", "-1", "1001", "1.5", "", "1e2", "NaN"])
      expect(parseValue(draftOf([1, 1]), text)).toEqual({
        ok: false,
        error: "A weight is a whole number from 0 to 1,000",
      });
    expect(parseValue(draftOf([1, 1]), " 37 ")).toEqual({ ok: true, value: 37 });
    expect(parseValue(draftOf([1, 1], "share"), "33,3")).toEqual({ ok: true, value: 33.3 });
    expect(parseValue(draftOf([1, 1], "share"), "100.1").ok).toBe(false);
  });

  test("the slider spans 0 to 100 until a weight is larger, and not under a drag", () => {
    expect(sliderMax(draftOf([100, 50]))).toBe(100);
    expect(sliderMax(draftOf([101, 50]))).toBe(200);
    expect(sliderMax(moveTo(beginGesture(draftOf([100, 50]), id(0)), 900))).toBe(100);
  });
});
