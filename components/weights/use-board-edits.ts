import {
  type Draft,
  type DraftMode,
  draftShares,
  redo,
  resetToRunning,
  setMode,
  toggleLock,
  undo,
} from "@/server/core/change/draft.ts";
import { byCapacity, equalise } from "@/server/core/change/draft-fill.ts";
import { beginGesture, cancelGesture, endGesture, moveTo, parseValue } from "@/server/core/change/draft-gesture.ts";
import type { WeightsDraft } from "./use-weights-draft.ts";
import type { RowHandlers } from "./weight-row.tsx";

export type BoardEdits = {
  readonly row: Omit<RowHandlers, "help" | "setState" | "cut">;
  readonly mode: (mode: DraftMode) => void;
  readonly capacity: (capacities: Readonly<Record<string, number>>) => void;
  readonly reset: () => void;
  readonly undo: () => void;
  readonly redo: () => void;
};

/** Every edit of the draft, with the one sentence a screen reader hears of it. */
export function useBoardEdits(board: WeightsDraft, say: (text: string) => void): BoardEdits {
  const { draft, edit } = board;
  const wholeBoard = (word: string, change: (draft: Draft) => Draft) => {
    edit(change);
    say(`${word}: ${sharesText(change(draft))}`);
  };
  return {
    row: {
      move: (backendId, value) => edit((old) => moveTo(beginGesture(old, backendId), value)),
      commit: (backendId) => {
        if (draft.gesture?.backendId !== backendId) return;
        edit(endGesture);
        // linked rows moved too: one summary a gesture, not one a row
        if (draft.mode === "share") say(sharesText(draft));
      },
      cancel: () => edit(cancelGesture),
      parse: (text) => parseValue(draft, text),
      toggleLock: (backendId) => {
        edit((old) => toggleLock(old, backendId));
        const isLocked = draft.rows.some((row) => row.backendId === backendId && row.locked);
        say(`${draft.names[backendId] ?? ""} ${isLocked ? "unlocked" : "locked"}`);
      },
      equalise: () => wholeBoard("Equalised", equalise),
    },
    mode: (mode) => {
      edit((old) => setMode(old, mode));
      say(mode === "share" ? "Sliders move shares; the sum stays 100 percent" : "Sliders move weights");
    },
    capacity: (capacities) => wholeBoard("Set by capacity", (old) => byCapacity(old, capacities)),
    reset: () => wholeBoard("Reset to running", resetToRunning),
    undo: () => wholeBoard("Undone", undo),
    redo: () => wholeBoard("Redone", redo),
  };
}

const spokenRowsMax = 6;

function sharesText(draft: Draft): string {
  const shares = [...draftShares(draft)].filter(([, pct]) => pct > 0);
  const parts = shares.slice(0, spokenRowsMax).map(([id, pct]) => `${draft.names[id] ?? ""} ${pct.toFixed(1)} percent`);
  const rest = shares.length - parts.length;
  return rest > 0 ? `${parts.join(", ")} and ${rest} more` : parts.join(", ");
}
