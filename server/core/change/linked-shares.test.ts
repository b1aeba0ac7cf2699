import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draftOf, farmOf, id, shares, sharesOf, sumTenths, weightLists, weightsOf } from "./draft.testing.ts";
import { createDraft, type Draft, draftShares, setMode, stagedEdits, toggleLock } from "./draft.ts";
import { equalise } from "./draft-fill.ts";
import { beginGesture, canMove, endGesture, moveTo, setValue } from "./draft-gesture.ts";
import { sampleFarm } from "./sample.testing.ts";

describe("share mode", () => {
  test("50/30/20, the first dragged to 100 and back in one gesture: 50/30/20 again, the sum reads 100 throughout", () => {
    let draft = beginGesture(draftOf([50, 30, 20], "share"), id(0));
    for (const pct of [51, 60, 75, 99, 100, 80, 63, 50]) {
      draft = moveTo(draft, pct);
      expect(sumTenths(draft)).toBe(1000);
      expect(sharesOf(draft)[0]).toBe(pct);
    }
    expect(weightsOf(endGesture(draft))).toEqual([50, 30, 20]);
    expect(stagedEdits(draft)).toEqual([]);
  });

  test("the freed part is spread over the others in proportion", () => {
    expect(weightsOf(setValue(draftOf([50, 30, 20], "share"), id(0), 75))).toEqual([75, 15, 10]);
    expect(sharesOf(setValue(draftOf([100, 50], "share"), id(0), 37))).toEqual([37, 63]);
  });

  test("any drag out and back restores every row exactly, and the sum reads 100 at every step", () => {
    fc.assert(
      fc.property(weightLists, fc.nat(), fc.array(shares, { maxLength: 10 }), (weights, pick, path) => {
        const start = draftOf(weights, "share");
        const row = id(pick % weights.length);
        let draft = beginGesture(start, row);
        for (const pct of path) {
          draft = moveTo(draft, pct);
          expect(sumTenths(draft)).toBe(1000);
          expect(weightsOf(draft).every((weight) => Number.isInteger(weight) && weight >= 0 && weight <= 1000)).toBe(
            true,
          );
        }
        draft = endGesture(moveTo(draft, draftShares(start).get(row) ?? 0));
        expect(draft.rows).toEqual(start.rows);
      }),
    );
  });

  test("the moved row reads what was asked whenever no row is locked", () => {
    fc.assert(
      fc.property(weightLists, fc.nat(), shares, (weights, pick, pct) => {
        const index = pick % weights.length;
        const draft = setValue(draftOf(weights, "share"), id(index), pct);
        expect(Math.abs((sharesOf(draft)[index] ?? -1) - pct)).toBeLessThanOrEqual(0.1 + 1e-9);
      }),
    );
  });

  test("a locked row never moves: its share stays within a tenth, exactly while the sum is at most 1000", () => {
    fc.assert(
      fc.property(
        weightLists,
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        fc.nat(),
        fc.array(shares, { minLength: 1, maxLength: 5 }),
        (weights, locks, pick, path) => {
          let draft = draftOf(weights, "share");
          for (const [index, lock] of locks.entries())
            if (lock && index < weights.length) draft = toggleLock(draft, id(index));
          const start = draft;
          draft = beginGesture(draft, id(pick % weights.length));
          for (const pct of path) draft = moveTo(draft, pct);
          draft = equalise(draft);
          const sumOf = (d: Draft) => weightsOf(d).reduce((a, b) => a + b, 0);
          for (const [index, row] of start.rows.entries()) {
            if (!row.locked) continue;
            const before = row.weight / sumOf(start);
            const after = (draft.rows[index]?.weight ?? -1) / sumOf(draft);
            expect(Math.abs(after - before)).toBeLessThanOrEqual(sumOf(start) <= 1000 ? 1e-12 : 0.00101);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("with all others locked the slider is disabled and says why", () => {
    const draft = toggleLock(toggleLock(draftOf([50, 30, 20], "share"), id(1)), id(2));
    expect(canMove(draft, id(0))).toEqual({
      ok: false,
      reason: "All other backends are locked, so no share is left to move",
    });
    expect(canMove(draft, id(1))).toEqual({ ok: false, reason: "web-2 is locked" });
    expect(setValue(draft, id(0), 90)).toEqual(draft);
  });

  test("a row that does not serve is not linked and keeps its weight against the others", () => {
    const farm = farmOf([2, 1, 1]);
    const draft = setMode(createDraft(farm, 1, [id(0), id(1)]), "share");
    const moved = setValue(draft, id(0), 50);
    expect(sharesOf(moved)).toEqual([50, 50, 0]);
    const [a = 0, , waiting = 0] = weightsOf(moved);
    expect(waiting / (2 * a)).toBeCloseTo(1 / 3, 2);
    expect(canMove(draft, id(2)).ok).toBe(false);
  });

  test("rows of the other family are never moved", () => {
    const farm = sampleFarm(
      1,
      [{ weight: 50 }, { weight: 50 }, { weight: 70, address: "2001:db8::1" }, { weight: 30, address: "2001:db8::2" }],
      { addresses: ["192.168.0.1", "2001:db8::100"] },
    );
    const draft = setMode(
      createDraft(
        farm,
        1,
        farm.backends.map((backend) => backend.id),
      ),
      "share",
    );
    expect(weightsOf(setValue(draft, id(0), 80))).toEqual([80, 20, 70, 30]);
  });

  test("going back by hand to shares that read as the running ones leaves nothing staged", () => {
    const moved = setValue(draftOf([100, 50], "share"), id(0), 37);
    expect(stagedEdits(moved).length).toBe(2);
    expect(stagedEdits(setValue(moved, id(0), 66.7))).toEqual([]);
  });
});

test("equalise in share mode gives equal parts of what locked rows leave", () => {
  expect(sharesOf(equalise(draftOf([50, 30, 20], "share")))).toEqual([33.4, 33.3, 33.3]);
  expect(sharesOf(equalise(toggleLock(draftOf([50, 30, 20], "share"), id(0))))).toEqual([50, 25, 25]);
});
