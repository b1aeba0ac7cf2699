/**
 * What `nft -j list` says, back into the model. Listings are the kernel's word and are parsed, not trusted: what is not understood is
 * named, never guessed. Text forms equal those of compile, so that drift is a comparison of text.
 */
import type { Result } from "../result.ts";
import type { FlatRuleset, ObjectName } from "./model.ts";

export type Listing = {
  readonly flat: FlatRuleset;
  /** the layout marker is there: our maps and hooks have the shape this version knows */
  readonly hasLayout: boolean;
  /** objects of the skeleton that are missing */
  readonly missing: readonly string[];
  /** chains, sets and maps in our table that are not ours */
  readonly foreign: readonly string[];
  /** fixed chain -> canonical text of its rules without handles and counters: compare with the listing after our own load */
  readonly fixedRules: ReadonlyMap<string, string>;
};

export type Counter = { readonly packets: number; readonly bytes: number };

/** `nft -j list table inet sluice`. null: there is no such table in the listing. */
export function parseTableListing(_json: string, _tag: number): Result<Listing | null> {
  throw new Error("not built");
}

/** `nft -j list map|set inet sluice NAME`: its elements as compile writes them. */
export function parseElements(_json: string): Result<{ object: ObjectName; elements: ReadonlyMap<string, string> }> {
  throw new Error("not built");
}

/** `nft -j list map|set inet sluice be4|ba4|be6|ba6|bin|bout`: backend id -> counter. Marks of others are left out. */
export function parseCounters(_json: string, _tag: number): Result<Map<number, Counter>> {
  throw new Error("not built");
}
