/**
 * The board's draft beside a farm that others may change. Invariants: the draft always stands on the newest farm known; an edit is
 * never lost by that; weights that others changed under staged edits are remembered until a person has looked at them.
 */
import { type Draft, remember, stagedEdits } from "@/server/core/change/draft.ts";
import { rebaseDraft, restoreDraft } from "@/server/core/change/draft-storage.ts";
import type { FarmView } from "@/server/core/change/views.ts";
import type { StoredDraft } from "./stored-draft.ts";

/** Somebody else changed weights under staged edits: what the edits were made on, until it is looked at. */
export type Overtaken = { readonly base: number; readonly running: Readonly<Record<string, number>> };

export type BoardState = { readonly draft: Draft; readonly overtaken: Overtaken | null };

/** The draft on top of a newer farm. Weights others changed under staged edits are remembered until they are looked at. */
export function onto(state: BoardState, view: FarmView): BoardState {
  const { draft } = state;
  if (view.version <= draft.base) return state;
  const rebased = rebaseDraft(draft, view.farm, view.version).draft;
  const isMoved = view.farm.backends.some(({ id, weight }) => draft.running[id] !== weight);
  const isEdited = stagedEdits(rebased).length > 0;
  const overtaken = state.overtaken ?? { base: draft.base, running: draft.running };
  return { draft: rebased, overtaken: isEdited && (isMoved || state.overtaken !== null) ? overtaken : null };
}

export function restoreBoardState(stored: StoredDraft, view: FarmView, serving: readonly string[]): BoardState | null {
  const restored = restoreDraft(stored.draft, view.farm, view.version, serving);
  if (restored === null) return null;
  const running = { ...restored.draft.running };
  for (const { backendId, base } of restored.collisions) running[backendId] = base;
  const fresh = restored.collisions.length === 0 ? null : { base: view.version - 1, running };
  return { draft: restored.draft, overtaken: stored.overtaken ?? fresh };
}

/** These rows take the running weight, locked or not and whatever the mode. */
export function giveUp(draft: Draft, backendIds: readonly string[]): Draft {
  return remember(
    draft,
    draft.rows.map((row) =>
      backendIds.includes(row.backendId) ? { ...row, weight: draft.running[row.backendId] ?? row.weight } : row,
    ),
  );
}
