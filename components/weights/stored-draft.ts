/** The board's draft in sessionStorage: core's own text of it, and whether others changed weights under it. */
import * as z from "zod/mini";
import { type Draft, sameRows } from "@/server/core/change/draft.ts";
import { serializeDraft } from "@/server/core/change/draft-storage.ts";
import { weightSchema } from "@/server/core/farm/schema.ts";

const storedSchema = z.object({
  /** parsed by core when it is restored */
  draft: z.string(),
  overtaken: z.nullable(z.object({ base: z.int(), running: z.record(z.uuid(), weightSchema) })),
});

export type StoredDraft = z.output<typeof storedSchema>;

export function parseStoredDraft(value: unknown): StoredDraft | null {
  const parsed = storedSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** null when there is nothing worth keeping: no edit, no lock, the usual mode. */
export function storeDraft(draft: Draft, overtaken: StoredDraft["overtaken"]): StoredDraft | null {
  const untouched = draft.rows.map(({ backendId }) => ({
    backendId,
    weight: draft.running[backendId] ?? 0,
    locked: false,
  }));
  if (draft.mode === "weights" && draft.gesture === null && sameRows(draft.rows, untouched)) return null;
  return { draft: serializeDraft(draft), overtaken };
}
