import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Farm } from "../farm/types.ts";
import {
  createDraft,
  type Draft,
  draftFarm,
  draftShares,
  redo,
  resetToRunning,
  setMode,
  sliderMax,
  stagedEdits,
  stagedWeights,
  toggleLock,
  undo,
} from "./draft.ts";
import { byCapacity, equalise } from "./draft-fill.ts";
import {
  beginGesture,
  cancelGesture,
  canMove,
  endGesture,
  moveTo,
  nudge,
  parseValue,
  setValue,
} from "./draft-gesture.ts";
import { rebaseDraft, restoreDraft, serializeDraft } from "./draft-storage.ts";
import { backendId, sampleFarm } from "./sample.testing.ts";

const id = (index: number) => backendId(1, index);
const farmOf = (weights: readonly number[]): Farm =>
  sampleFarm(
    1,
    weights.map((weight) => ({ weight })),
  );
const draftOf = (weights: readonly number[], mode: "weights" | "share" = "weights"): Draft => {
  const farm = farmOf(weights);
  return setMode(
    createDraft(
      farm,
      7,
      farm.backends.map((backend) => backend.id),
    ),
    mode,
  );
};
const weightsOf = (draft: Draft) => draft.rows.map((row) => row.weight);
const sharesOf = (draft: Draft) => draft.rows.map((row) => draftShares(draft).get(row.backendId) ?? 0);
const sumTenths = (draft: Draft) => sharesOf(draft).reduce((sum, pct) => sum + Math.round(pct * 10), 0);

const weightLists = fc
  .array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 8 })
  .filter((list) => list.some((weight) => weight > 0));
const shares = fc.integer({ min: 0, max: 1000 }).map((tenths) => tenths / 10);

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

describe("history", () => {
  test("undo and redo walk through every state exactly", () => {
    const edits = fc.array(
      fc.record({ kind: fc.constantFrom("set", "lock", "equalise", "reset"), row: fc.nat({ max: 2 }), value: shares }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(edits, (list) => {
        const states: Draft["rows"][] = [];
        let draft = draftOf([50, 30, 20], "share");
        states.push(draft.rows);
        for (const { kind, row, value } of list) {
          if (kind === "set") draft = setValue(draft, id(row), value);
          else if (kind === "lock") draft = toggleLock(draft, id(row));
          else draft = kind === "equalise" ? equalise(draft) : resetToRunning(draft);
          if (draft.rows !== states.at(-1) && JSON.stringify(draft.rows) !== JSON.stringify(states.at(-1)))
            states.push(draft.rows);
        }
        for (const rows of [...states].reverse().slice(1)) {
          draft = undo(draft);
          expect(draft.rows).toEqual(rows);
        }
        expect(undo(draft).rows).toEqual(states[0]);
        for (const rows of states.slice(1)) {
          draft = redo(draft);
          expect(draft.rows).toEqual(rows);
        }
      }),
    );
  });

  test("undo after equalise restores each former weight", () => {
    const draft = setValue(draftOf([100, 50, 7]), id(2), 9);
    expect(weightsOf(undo(equalise(draft)))).toEqual([100, 50, 9]);
  });

  test("Escape leaves a gesture as if it had not been, and makes no step of history", () => {
    const draft = draftOf([50, 30, 20], "share");
    expect(cancelGesture(moveTo(beginGesture(draft, id(0)), 90))).toEqual(draft);
  });

  test("a run of keys on one row is one step back", () => {
    let draft = draftOf([50, 30, 20]);
    for (let count = 0; count < 5; count++) draft = nudge(draft, id(0), 1);
    expect(weightsOf(draft)).toEqual([55, 30, 20]);
    expect(weightsOf(undo(draft))).toEqual([50, 30, 20]);
    expect(weightsOf(nudge(nudge(draft, id(0), -10_000), id(0), 10_000))).toEqual([1000, 30, 20]);
  });
});

describe("staged edits", () => {
  test("are the rows that differ from the running ones, and reset leaves none", () => {
    const draft = setValue(draftOf([100, 50]), id(0), 50);
    expect(stagedEdits(draft)).toEqual([{ backendId: id(0), from: 100, to: 50 }]);
    expect(stagedWeights(draft)).toEqual({ [id(0)]: 50 });
    expect(stagedEdits(resetToRunning(draft))).toEqual([]);
    expect(draftFarm(draft, farmOf([100, 50])).backends.map((backend) => backend.weight)).toEqual([50, 50]);
  });

  test("a reload keeps the staged draft", () => {
    const draft = toggleLock(setValue(draftOf([100, 50]), id(0), 70), id(1));
    const restored = restoreDraft(serializeDraft(draft), farmOf([100, 50]), 7, [id(0), id(1)]);
    expect(restored?.draft.rows).toEqual(draft.rows);
    expect(restored?.collisions).toEqual([]);
  });

  test("text that is no draft of this farm is not taken", () => {
    for (const text of [
      "",
      "{",
      "null",
      JSON.stringify({ farmId: id(0) }),
      serializeDraft(draftOf([1, 2])).replace('"weight":1', '"weight":1001'),
    ])
      expect(restoreDraft(text, farmOf([1, 2]), 1, [])).toBeNull();
  });

  test("another person's change is taken into rows that were not edited, and collisions are named", () => {
    const draft = setValue(setValue(draftOf([100, 50, 10]), id(0), 80), id(2), 20);
    const { draft: rebased, collisions } = rebaseDraft(draft, farmOf([90, 60, 20]), 9);
    expect(weightsOf(rebased)).toEqual([80, 60, 20]);
    expect(rebased.base).toBe(9);
    expect(collisions).toEqual([{ backendId: id(0), base: 100, theirs: 90, yours: 80 }]);
    expect(stagedEdits(rebased)).toEqual([{ backendId: id(0), from: 90, to: 80 }]);
  });

  test("an applied draft has nothing staged", () => {
    const draft = setValue(draftOf([100, 50]), id(0), 50);
    expect(stagedEdits(rebaseDraft(draft, farmOf([50, 50]), 8).draft)).toEqual([]);
  });
});

test("equalise in share mode gives equal parts of what locked rows leave", () => {
  expect(sharesOf(equalise(draftOf([50, 30, 20], "share")))).toEqual([33.4, 33.3, 33.3]);
  expect(sharesOf(equalise(toggleLock(draftOf([50, 30, 20], "share"), id(0))))).toEqual([50, 25, 25]);
});
