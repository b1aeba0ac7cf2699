/** Drafts of a small farm and what they read as, for the tests of the draft's parts. */
import fc from "fast-check";
import type { Farm } from "../farm/types.ts";
import { createDraft, type Draft, draftShares, setMode } from "./draft.ts";
import { backendId, sampleFarm } from "./sample.testing.ts";

export const id = (index: number) => backendId(1, index);
export const farmOf = (weights: readonly number[]): Farm =>
  sampleFarm(
    1,
    weights.map((weight) => ({ weight })),
  );
export const draftOf = (weights: readonly number[], mode: "weights" | "share" = "weights"): Draft => {
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
export const weightsOf = (draft: Draft) => draft.rows.map((row) => row.weight);
export const sharesOf = (draft: Draft) => draft.rows.map((row) => draftShares(draft).get(row.backendId) ?? 0);
export const sumTenths = (draft: Draft) => sharesOf(draft).reduce((sum, pct) => sum + Math.round(pct * 10), 0);

export const weightLists = fc
  .array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 8 })
  .filter((list) => list.some((weight) => weight > 0));
export const shares = fc.integer({ min: 0, max: 1000 }).map((tenths) => tenths / 10);
