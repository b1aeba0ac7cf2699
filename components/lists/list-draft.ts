/** A named list as typed: its networks stand in one box, an entry a line. Whether it is a list is judged by core alone. */
import * as z from "zod/mini";
import { type NamedList, parseNamedList } from "@/server/core/farm/named-list.ts";
import { entriesOf } from "./entry-lines.ts";

export type ListDraft = { readonly name: string; readonly networks: string; readonly notes: string };

export const emptyListDraft: ListDraft = { name: "", networks: "", notes: "" };

export type ReadDraft = {
  /** null while the draft is no list */
  readonly list: NamedList | null;
  /** what is wrong, by field; of the networks one sentence a line that is wrong */
  readonly errors: Readonly<Record<keyof ListDraft, readonly string[]>>;
};

export function draftOfList({ name, networks, notes }: NamedList): ListDraft {
  return { name, networks: networks.join("\n"), notes };
}

export function readDraft(draft: ListDraft, id: string): ReadDraft {
  const entries = entriesOf(draft.networks);
  const networks = entries.map(({ entry }) => entry);
  const parsed = parseNamedList({ id, name: draft.name.trim(), networks, notes: draft.notes });
  if (parsed.ok) return { list: parsed.value, errors: noErrors };
  const errors: Record<keyof ListDraft, string[]> = { name: [], networks: [], notes: [] };
  for (const { path, message } of parsed.error.issues ?? []) {
    const line = entries[Number(/^networks\[([0-9]+)\]$/.exec(path)?.[1])]?.line;
    const field = path === "name" || path === "notes" ? path : "networks";
    errors[field].push(line === undefined ? message : `Line ${line}: ${message}`);
  }
  return { list: null, errors };
}

const noErrors: ReadDraft["errors"] = { name: [], networks: [], notes: [] };

const keptSchema = z.strictObject({
  version: z.nullable(z.number()),
  draft: z.strictObject({ name: z.string(), networks: z.string(), notes: z.string() }),
});

/** What the browser kept of edits of this version of the list (null = a new one); edits of another one are of no use. */
export function parseKeptDraft(value: unknown, version: number | null): ListDraft | null {
  const kept = keptSchema.safeParse(value);
  return kept.success && kept.data.version === version ? kept.data.draft : null;
}
