import { describe, expect, test } from "vitest";
import { draftOf, farmOf, id, weightsOf } from "./draft.testing.ts";
import { stagedEdits, toggleLock } from "./draft.ts";
import { setValue } from "./draft-gesture.ts";
import { rebaseDraft, restoreDraft, serializeDraft } from "./draft-storage.ts";

describe("a stored draft", () => {
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
