import { describe, expect, it } from "vitest";
import { createDraft, stagedWeights } from "@/server/core/change/draft.ts";
import { setValue } from "@/server/core/change/draft-gesture.ts";
import type { FarmView } from "@/server/core/change/views.ts";
import { sampleFarm } from "./board.testing.ts";
import { type BoardState, giveUp, onto, restoreBoardState } from "./board-state.ts";
import { parseStoredDraft, storeDraft } from "./stored-draft.ts";

const farm = sampleFarm([100, 100, 50]);
const ids = farm.backends.map((backend) => backend.id);
const [one = "", two = "", three = ""] = ids;

const view = (version: number, weights: readonly number[]): FarmView => ({
  farm: { ...farm, backends: farm.backends.map((backend, at) => ({ ...backend, weight: weights[at] ?? 0 })) },
  version,
});
const staged = (edits: Readonly<Record<string, number>>): BoardState => ({
  draft: Object.entries(edits).reduce((draft, [id, weight]) => setValue(draft, id, weight), createDraft(farm, 7, ids)),
  overtaken: null,
});

describe("a draft beside a farm that changes", () => {
  it("keeps its edits and takes the others' weights, remembering what the edits were made on", () => {
    const state = onto(staged({ [one]: 80, [two]: 120 }), view(8, [90, 100, 60]));
    expect(state.draft.base).toBe(8);
    expect(stagedWeights(state.draft)).toEqual({ [one]: 80, [two]: 120 });
    expect(state.draft.rows.map((row) => row.weight)).toEqual([80, 120, 60]);
    expect(state.overtaken).toEqual({ base: 7, running: { [one]: 100, [two]: 100, [three]: 50 } });
  });

  it("moves on silently when nobody touched a weight, or nothing is staged here", () => {
    expect(onto(staged({ [one]: 80 }), view(8, [100, 100, 50])).overtaken).toBeNull();
    expect(onto(staged({}), view(8, [90, 100, 60])).overtaken).toBeNull();
  });

  it("has nothing left to do once its own edits are what runs", () => {
    const state = onto(staged({ [one]: 80 }), view(8, [80, 100, 50]));
    expect([stagedWeights(state.draft), state.overtaken]).toEqual([{}, null]);
  });

  it("keeps the first base through a second foreign change", () => {
    const twice = onto(onto(staged({ [one]: 80 }), view(8, [90, 100, 50])), view(9, [95, 100, 50]));
    expect(twice.overtaken).toMatchObject({ base: 7, running: { [one]: 100 } });
  });

  it("ignores a farm older than its own", () => {
    const state = staged({ [one]: 80 });
    expect(onto(state, view(6, [1, 2, 3]))).toBe(state);
  });

  it("gives a row up to the running weight even when it is locked", () => {
    const state = onto(staged({ [one]: 80, [two]: 120 }), view(8, [90, 100, 50]));
    const locked = { ...state.draft, rows: state.draft.rows.map((row) => ({ ...row, locked: true })) };
    expect(stagedWeights(giveUp(locked, [one]))).toEqual({ [two]: 120 });
  });
});

describe("a draft across a reload", () => {
  it("comes back with its edits, and with what was not looked at yet", () => {
    const state = onto(staged({ [one]: 80 }), view(8, [90, 100, 50]));
    const stored = parseStoredDraft(JSON.parse(JSON.stringify(storeDraft(state.draft, state.overtaken))));
    if (stored === null) throw new Error("nothing was stored");
    const back = restoreBoardState(stored, view(8, [90, 100, 50]), ids);
    expect(back === null ? null : [stagedWeights(back.draft), back.overtaken]).toEqual([
      { [one]: 80 },
      state.overtaken,
    ]);
  });

  it("names what was changed by both while the page was closed", () => {
    const { draft } = staged({ [one]: 80, [two]: 120 });
    const stored = storeDraft(draft, null);
    if (stored === null) throw new Error("nothing was stored");
    const back = restoreBoardState(stored, view(9, [90, 100, 50]), ids);
    expect(back?.overtaken).toMatchObject({ running: { [one]: 100 } });
  });

  it("stores nothing for an untouched board, and takes nothing that is no draft", () => {
    expect(storeDraft(createDraft(farm, 7, ids), null)).toBeNull();
    for (const odd of [null, 1, "x", {}, { draft: 1, overtaken: null }]) expect(parseStoredDraft(odd)).toBeNull();
    expect(restoreBoardState({ draft: "{}", overtaken: null }, view(8, [1, 1, 1]), ids)).toBeNull();
  });
});
