/**
 * A draft across a reload and across other people's changes. The browser keeps it as text; what comes back is parsed, never trusted.
 * Rebase: rows nobody here edited take the farm's new weights, edited rows keep the edit; a row that both sides changed is named,
 * never overwritten silently.
 */
import * as z from "zod/mini";
import { weightSchema } from "../farm/schema.ts";
import type { Farm } from "../farm/types.ts";
import { parseJson } from "../json.ts";
import { createDraft, type Draft, type DraftRow, factsOf, settle } from "./draft.ts";

const storedSchema = z.object({
  farmId: z.uuid(),
  base: z.int(),
  mode: z.enum(["weights", "share"]),
  rows: z.array(z.object({ backendId: z.uuid(), weight: weightSchema, locked: z.boolean() })),
  running: z.record(z.uuid(), weightSchema),
});

/** A row changed on both sides since the draft began: base, theirs, yours. */
export type Collision = {
  readonly backendId: string;
  readonly base: number;
  readonly theirs: number;
  readonly yours: number;
};

export function serializeDraft(draft: Draft): string {
  const { farmId, base, mode, rows, running } = settle(draft);
  return JSON.stringify({ farmId, base, mode, rows, running });
}

/** null when the text is no draft of this farm; otherwise the draft on top of the farm as it is now. Its history is gone. */
export function restoreDraft(
  text: string,
  farm: Farm,
  version: number,
  serving: Iterable<string>,
): { draft: Draft; collisions: Collision[] } | null {
  const stored = storedSchema.safeParse(parseJson(text));
  if (!stored.success || stored.data.farmId !== farm.id) return null;
  const { base, mode, rows, running } = stored.data;
  const fresh = createDraft(farm, version, serving);
  return rebaseDraft({ ...fresh, base, mode, rows, running }, farm, version);
}

/** The farm changed: by somebody else, or because this draft was applied. */
export function rebaseDraft(draft: Draft, farm: Farm, version: number): { draft: Draft; collisions: Collision[] } {
  const settled = settle(draft);
  const facts = factsOf(farm);
  const onto = (rows: readonly DraftRow[]) => rebaseRows(rows, settled.running, farm);
  return {
    draft: {
      ...settled,
      ...facts,
      base: version,
      rows: onto(settled.rows),
      past: settled.past.map(onto),
      future: settled.future.map(onto),
    },
    collisions: collisionsOf(settled, facts.running),
  };
}

function rebaseRows(rows: readonly DraftRow[], base: Readonly<Record<string, number>>, farm: Farm): DraftRow[] {
  const mine = new Map(rows.map((row) => [row.backendId, row]));
  return farm.backends.map(({ id, weight }) => {
    const row = mine.get(id);
    const isEdited = row !== undefined && row.weight !== base[id];
    return { backendId: id, weight: isEdited ? row.weight : weight, locked: row?.locked ?? false };
  });
}

function collisionsOf(draft: Draft, theirs: Readonly<Record<string, number>>): Collision[] {
  return draft.rows.flatMap(({ backendId, weight: yours }) => {
    const base = draft.running[backendId];
    const their = theirs[backendId];
    if (base === undefined || their === undefined) return [];
    const isBoth = yours !== base && their !== base && yours !== their;
    return isBoth ? [{ backendId, base, theirs: their, yours }] : [];
  });
}
