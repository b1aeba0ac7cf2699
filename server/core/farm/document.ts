/**
 * The farm document: `{ farms: [...] }`, as written by hand, imported and exported. Ids that are null or absent are matched by name
 * (farm by name, backend by name inside its farm) with what exists, otherwise they are new.
 */
import type { Result } from "../result.ts";
import type { Farm } from "./types.ts";

export type FarmDocument = { readonly farms: readonly Farm[] };

/** All farms, or every issue of all of them with paths like `farms[0].backends[1].address`. Names and overlaps are checked too. */
export function parseDocument(_input: unknown, _newId: () => string, _existing: readonly Farm[] = []): Result<Farm[]> {
  throw new Error("not built");
}

/** Sorted by name. */
export function toDocument(farms: readonly Farm[]): FarmDocument {
  return { farms: [...farms].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}
