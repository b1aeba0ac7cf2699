import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draftOf, farmOf, id, shares, weightsOf } from "./draft.testing.ts";
import { type Draft, draftFarm, redo, resetToRunning, stagedEdits, stagedWeights, toggleLock, undo } from "./draft.ts";
import { equalise } from "./draft-fill.ts";
import { beginGesture, cancelGesture, moveTo, nudge, setValue } from "./draft-gesture.ts";

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
});
