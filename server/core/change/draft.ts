/**
 * The weights board's draft: weights a person is trying out in the browser, beside the running ones. Nothing here is sent anywhere.
 * Two modes: "weights" (rows are independent, shares follow) and "share" (rows of one family that serve now are linked; the sum stays
 * 100 %). Gestures, keys and typing go through draft-gesture.ts, equalise and capacities through draft-fill.ts.
 * AdminState is no part of a draft: drain, resume and maintenance are changes of their own.
 * Invariants: a locked row never moves; undo and redo restore rows exactly; weights are integers 0..1000.
 */
import { familyOf } from "../farm/address.ts";
import { limits } from "../farm/limits.ts";
import type { Backend, Family, Farm } from "../farm/types.ts";
import { shareTenths } from "./linked-shares.ts";

export type DraftMode = "weights" | "share";

export type DraftRow = {
  readonly backendId: string;
  readonly weight: number;
  readonly locked: boolean;
};

export type Draft = {
  readonly farmId: string;
  /** version of the farm the running weights are from */
  readonly base: number;
  readonly mode: DraftMode;
  /** in the farm's order, which never changes while editing */
  readonly rows: readonly DraftRow[];
  readonly running: Readonly<Record<string, number>>;
  readonly names: Readonly<Record<string, string>>;
  readonly families: Readonly<Record<string, Family>>;
  /** backends that take new connections now, whatever their weight: neither drained, nor out, nor down, nor of a waiting tier */
  readonly serving: readonly string[];
  readonly gesture: { readonly backendId: string; readonly rows: readonly DraftRow[] } | null;
  readonly past: readonly (readonly DraftRow[])[];
  readonly future: readonly (readonly DraftRow[])[];
};

export type StagedEdit = { readonly backendId: string; readonly from: number; readonly to: number };

const historyMax = 200;

export function createDraft(farm: Farm, version: number, serving: Iterable<string>): Draft {
  const facts = factsOf(farm);
  return {
    farmId: farm.id,
    base: version,
    mode: "weights",
    rows: farm.backends.map(({ id, weight }) => ({ backendId: id, weight, locked: false })),
    ...facts,
    serving: [...serving],
    gesture: null,
    past: [],
    future: [],
  };
}

/** Health or admin state changed meanwhile: only which rows are linked. */
export function withServing(draft: Draft, serving: Iterable<string>): Draft {
  return { ...draft, serving: [...serving] };
}

/** Weights stay as they are; only what the controls move by changes. */
export function setMode(draft: Draft, mode: DraftMode): Draft {
  return { ...settle(draft), mode };
}

export function toggleLock(draft: Draft, backendId: string): Draft {
  const settled = settle(draft);
  const rows = settled.rows.map((row) => (row.backendId === backendId ? { ...row, locked: !row.locked } : row));
  return remember(settled, rows);
}

export function resetToRunning(draft: Draft): Draft {
  const settled = settle(draft);
  const rows = settled.rows.map((row) => ({ ...row, weight: settled.running[row.backendId] ?? row.weight }));
  return remember(settled, rows);
}

export function undo(draft: Draft): Draft {
  const settled = settle(draft);
  const rows = settled.past.at(-1);
  if (rows === undefined) return settled;
  return { ...settled, rows, past: settled.past.slice(0, -1), future: [settled.rows, ...settled.future] };
}

export function redo(draft: Draft): Draft {
  const settled = settle(draft);
  const [rows, ...future] = settled.future;
  if (rows === undefined) return settled;
  return { ...settled, rows, past: [...settled.past, settled.rows], future };
}

/** Ends an open gesture: its outcome becomes one step of the history. */
export function settle(draft: Draft): Draft {
  if (draft.gesture === null) return draft;
  return remember({ ...draft, rows: draft.gesture.rows, gesture: null }, draft.rows);
}

/** Takes `rows` as the new state and the present one into the history; equal rows make no step. */
export function remember(draft: Draft, rows: readonly DraftRow[]): Draft {
  if (sameRows(draft.rows, rows)) return draft;
  return { ...draft, rows, past: [...draft.past, draft.rows].slice(-historyMax), future: [] };
}

/** Rows whose weight is not the running one, in the farm's order. Empty = nothing to change. */
export function stagedEdits(draft: Draft): StagedEdit[] {
  return draft.rows.flatMap(({ backendId, weight }) => {
    const from = draft.running[backendId] ?? weight;
    return from === weight ? [] : [{ backendId, from, to: weight }];
  });
}

/** What set-weights carries: only the edited rows. */
export function stagedWeights(draft: Draft): Record<string, number> {
  return Object.fromEntries(stagedEdits(draft).map(({ backendId, to }) => [backendId, to]));
}

/** The farm as it would be; shares of it are planned by the functions that program the kernel. */
export function draftFarm(draft: Draft, farm: Farm): Farm {
  const weights = new Map(draft.rows.map((row) => [row.backendId, row.weight]));
  const backends = farm.backends.map((backend: Backend) => ({
    ...backend,
    weight: weights.get(backend.id) ?? backend.weight,
  }));
  return { ...farm, backends };
}

/** Rows linked with this one in share mode: same family, serving; empty when the row itself does not serve. */
export function linkedRows(draft: Draft, backendId: string, rows: readonly DraftRow[] = draft.rows): DraftRow[] {
  if (!draft.serving.includes(backendId)) return [];
  const family = draft.families[backendId];
  const serving = new Set(draft.serving);
  return rows.filter((row) => serving.has(row.backendId) && draft.families[row.backendId] === family);
}

/** Share of each serving row, percent with one decimal; reads exactly 100 in every family that has a weight above 0. */
export function draftShares(draft: Draft): Map<string, number> {
  const shares = new Map<string, number>(draft.rows.map((row) => [row.backendId, 0]));
  for (const backendId of draft.serving) {
    if ((shares.get(backendId) ?? 0) > 0) continue;
    const linked = linkedRows(draft, backendId);
    const tenths = shareTenths(linked.map((row) => row.weight));
    for (const [index, row] of linked.entries()) shares.set(row.backendId, (tenths[index] ?? 0) / 10);
  }
  return shares;
}

/** The slider spans 0 to 100 until a weight of the farm is larger; it does not change under a drag. */
export function sliderMax(draft: Draft): number {
  if (draft.mode === "share") return 100;
  const rows = draft.gesture?.rows ?? draft.rows;
  const largest = Math.max(...rows.map((row) => row.weight), ...Object.values(draft.running));
  return [100, 200, 500].find((span) => largest <= span) ?? limits.weightMax;
}

export function sameRows(a: readonly DraftRow[], b: readonly DraftRow[]): boolean {
  return (
    a.length === b.length &&
    a.every((row, index) => {
      const other = b[index];
      return other?.backendId === row.backendId && other.weight === row.weight && other.locked === row.locked;
    })
  );
}

/** What a draft keeps of the farm it was made from. */
export function factsOf(farm: Farm): Pick<Draft, "running" | "names" | "families"> {
  return {
    running: Object.fromEntries(farm.backends.map(({ id, weight }) => [id, weight])),
    names: Object.fromEntries(farm.backends.map(({ id, name }) => [id, name])),
    families: Object.fromEntries(farm.backends.map(({ id, address }) => [id, familyOf(address)])),
  };
}
