/**
 * Moving one row of a draft: by drag, by key, by typing. All three end in the same function, so a typed value equals a dragged one.
 * A gesture keeps the rows from its beginning; every move starts again from there, so going back to the first value restores every row.
 * Values are weights (integers) in mode "weights" and shares (percent, one decimal) in mode "share".
 */
import { limits } from "../farm/limits.ts";
import { type Draft, type DraftRow, draftShares, linkedRows, settle } from "./draft.ts";
import { shareTenths, spread } from "./linked-shares.ts";

export type Movable = { readonly ok: true } | { readonly ok: false; readonly reason: string };
type Parsed = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly error: string };

/** Whether the row's slider and box may be used; if not, why, as a sentence. */
export function canMove(draft: Draft, backendId: string): Movable {
  const row = draft.rows.find((candidate) => candidate.backendId === backendId);
  if (row === undefined) return { ok: false, reason: "This backend is not part of the farm any more" };
  const name = draft.names[backendId] ?? "This backend";
  if (row.locked) return { ok: false, reason: `${name} is locked` };
  if (draft.mode === "weights") return { ok: true };
  const linked = linkedRows(draft, backendId);
  if (linked.length === 0)
    return { ok: false, reason: `${name} takes no new connections now, so it has no share; its weight can be set` };
  if (linked.length === 1) return { ok: false, reason: `${name} is the only backend that serves; its share is 100 %` };
  const isFree = linked.some((other) => other.backendId !== backendId && !other.locked);
  return isFree ? { ok: true } : { ok: false, reason: "All other backends are locked, so no share is left to move" };
}

/** The pointer went down, or the first key of a run came. Ends the gesture of another row. */
export function beginGesture(draft: Draft, backendId: string): Draft {
  if (draft.gesture?.backendId === backendId) return draft;
  const settled = settle(draft);
  return canMove(settled, backendId).ok ? { ...settled, gesture: { backendId, rows: settled.rows } } : settled;
}

/** Moves the row of the open gesture; a value outside the bounds goes to the nearest one. */
export function moveTo(draft: Draft, value: number): Draft {
  if (draft.gesture === null || !Number.isFinite(value)) return draft;
  const { backendId, rows } = draft.gesture;
  if (draft.mode === "weights") {
    const weight = Math.round(Math.min(limits.weightMax, Math.max(0, value)));
    return { ...draft, rows: rows.map((row) => (row.backendId === backendId ? { ...row, weight } : row)) };
  }
  return { ...draft, rows: moveShare(draft, backendId, rows, Math.round(Math.min(100, Math.max(0, value)) * 10)) };
}

/** Pointer up, blur, Enter. */
export function endGesture(draft: Draft): Draft {
  return settle(draft);
}

/** Escape: as if the gesture had not been. */
export function cancelGesture(draft: Draft): Draft {
  return draft.gesture === null ? draft : { ...draft, rows: draft.gesture.rows, gesture: null };
}

/** Typing a value is a whole gesture. */
export function setValue(draft: Draft, backendId: string, value: number): Draft {
  return endGesture(moveTo(beginGesture(settle(draft), backendId), value));
}

/** A key: the gesture stays open until blur or another row, so that a run of keys is one step back. */
export function nudge(draft: Draft, backendId: string, by: number): Draft {
  const begun = beginGesture(draft, backendId);
  return moveTo(begun, valueAt(begun, backendId) + by);
}

/** Where the row's control stands now: its weight or its share. */
function valueAt(draft: Draft, backendId: string): number {
  if (draft.mode === "share") return draftShares(draft).get(backendId) ?? 0;
  return draft.rows.find((row) => row.backendId === backendId)?.weight ?? 0;
}

/** What a person typed into the number box; letters, -1 and 1001 are refused with the reason. */
export function parseValue(draft: Draft, text: string): Parsed {
  const isShare = draft.mode === "share";
  const error = isShare ? "A share is a number from 0 to 100" : "A weight is a whole number from 0 to 1,000";
  const shape = isShare ? /^[0-9]{1,3}([.,][0-9])?$/ : /^[0-9]{1,4}$/;
  const trimmed = text.trim();
  const value = Number(trimmed.replace(",", "."));
  if (!shape.test(trimmed) || value > (isShare ? 100 : limits.weightMax)) return { ok: false, error };
  return { ok: true, value };
}

function moveShare(draft: Draft, backendId: string, from: readonly DraftRow[], tenths: number): readonly DraftRow[] {
  const linked = linkedRows(draft, backendId, from);
  const moved = linked.findIndex((row) => row.backendId === backendId);
  if (moved < 0) return from;
  if (shareTenths(linked.map((row) => row.weight))[moved] === tenths) return from;
  const { weights, factor } = spread(linked, moved, tenths);
  const next = new Map(linked.map((row, index) => [row.backendId, weights[index] ?? row.weight]));
  return preferRunning(draft, backendId, scaleWaiting(draft, backendId, from, next, factor));
}

/**
 * Linked rows take their new weights. Rows of the family that do not serve now follow a change of scale, or they would come
 * back with another share than they left with; locked ones stay.
 */
export function scaleWaiting(
  draft: Draft,
  backendId: string,
  from: readonly DraftRow[],
  next: ReadonlyMap<string, number>,
  factor: number,
): DraftRow[] {
  return from.map((row) => {
    const weight = next.get(row.backendId);
    if (weight !== undefined) return { ...row, weight };
    const isWaiting = draft.families[row.backendId] === draft.families[backendId] && !row.locked;
    return isWaiting ? { ...row, weight: Math.min(limits.weightMax, Math.round(row.weight * factor)) } : row;
  });
}

/** Shares that read as the running ones are the running weights, so that going back by hand leaves nothing staged. */
function preferRunning(draft: Draft, backendId: string, rows: readonly DraftRow[]): readonly DraftRow[] {
  const linked = linkedRows(draft, backendId, rows);
  const ids = new Set(linked.map((row) => row.backendId));
  const runningOf = (row: DraftRow) => draft.running[row.backendId] ?? row.weight;
  const now = shareTenths(linked.map((row) => row.weight));
  const running = shareTenths(linked.map(runningOf));
  if (now.some((tenths, index) => tenths !== running[index])) return rows;
  return rows.map((row) => (ids.has(row.backendId) ? { ...row, weight: runningOf(row) } : row));
}
