/**
 * Whole-board edits of a draft: equalise and set by capacity. Each is one step of the history; locked rows keep their weight
 * (mode "weights") or their share (mode "share").
 */
import { type Draft, type DraftRow, linkedRows, remember, settle } from "./draft.ts";
import { scaleWaiting } from "./draft-gesture.ts";
import { divide } from "./linked-shares.ts";

/** Every unlocked row the same: their mean weight, or equal parts of what locked rows leave. */
export function equalise(draft: Draft): Draft {
  const settled = settle(draft);
  if (settled.mode === "share") return divideFamilies(settled, () => 1);
  const unlocked = settled.rows.filter((row) => !row.locked);
  const mean = unlocked.reduce((sum, row) => sum + row.weight, 0) / Math.max(1, unlocked.length);
  const weight = Math.max(1, Math.round(mean));
  return remember(
    settled,
    settled.rows.map((row) => (row.locked ? row : { ...row, weight })),
  );
}

/** Weights in proportion to capacities (cores, memory, anything above 0); the largest becomes the largest weight of now. Rows without one stay. */
export function byCapacity(draft: Draft, capacities: Readonly<Record<string, number>>): Draft {
  const settled = settle(draft);
  // whole hundredths: the remainders of integers are exact
  const capacityOf = (row: DraftRow) => Math.round(Math.max(0, capacities[row.backendId] ?? 0) * 100);
  if (settled.mode === "share") return divideFamilies(settled, capacityOf);
  const chosen = settled.rows.filter((row) => !row.locked && capacityOf(row) > 0);
  const largest = Math.max(...chosen.map(capacityOf), 0);
  const top = Math.max(...chosen.map((row) => row.weight), 1);
  const rows = settled.rows.map((row) =>
    chosen.includes(row) ? { ...row, weight: Math.max(1, Math.round((capacityOf(row) / largest) * top)) } : row,
  );
  return remember(settled, rows);
}

function divideFamilies(draft: Draft, partOf: (row: DraftRow) => number): Draft {
  let rows: readonly DraftRow[] = draft.rows;
  for (const family of [4, 6] as const) {
    const first = draft.serving.find((backendId) => draft.families[backendId] === family);
    if (first === undefined) continue;
    const linked = linkedRows(draft, first, rows);
    const { weights, factor } = divide(linked, linked.map(partOf));
    const next = new Map(linked.map((row, index) => [row.backendId, weights[index] ?? row.weight]));
    rows = scaleWaiting(draft, first, rows, next, factor);
  }
  return remember(draft, rows);
}
