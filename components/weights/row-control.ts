/** Where a row's slider and box stand, how far they go, and why they cannot be used. Pure. */
import { type Draft, sliderMax } from "@/server/core/change/draft.ts";
import { canMove } from "@/server/core/change/draft-gesture.ts";
import { limits } from "@/server/core/farm/limits.ts";
import type { BoardRow } from "./board-model.ts";
import type { RowControl } from "./weight-row.tsx";

/** `shares`: those of the draft, computed once for all rows. */
export function controlOf(draft: Draft, shares: ReadonlyMap<string, number>, row: BoardRow): RowControl {
  const { id } = row.backend;
  const movable = canMove(draft, id);
  const isShare = draft.mode === "share";
  return {
    mode: draft.mode,
    value: isShare ? (shares.get(id) ?? 0) : row.weight,
    running: isShare ? Math.round(row.runningPct * 10) / 10 : row.runningWeight,
    sliderMax: sliderMax(draft),
    boxMax: isShare ? 100 : limits.weightMax,
    isLocked: draft.rows.some((candidate) => candidate.backendId === id && candidate.locked),
    fixed: movable.ok ? null : movable.reason,
  };
}
