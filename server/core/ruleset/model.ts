/**
 * What the kernel shall have: a fixed skeleton (parts/skeleton.ts) and, per farm, a Fragment. Elements are nft text: key -> data
 * ("" in a set), in exactly the form that listing.ts gives back, so that both are compared as text.
 * No text in here comes from people: only parsed literals and generated numbers.
 */
import type { PersistentMap } from "../persistent-map.ts";

export const tableName = "sluice";
/** Raised whenever maps, hooks or marks change shape: an empty chain of this name marks the layout. */
export const layoutChain = "layout_1";

export const objectNames = [
  "svc4",
  "svc6",
  "rng4",
  "rng6",
  "slots",
  "be4",
  "ba4",
  "be6",
  "ba6",
  "bin",
  "bout",
  "snat4",
  "snat6",
  "masq",
  "members4",
  "members6",
  "cut_orig",
  "cut_reply",
] as const;
export type ObjectName = (typeof objectNames)[number];

/** nft text: key -> data, "" in a set. */
export type Elements = ReadonlyMap<string, string>;

/** One farm's chains and elements. Equal inputs by reference give the same Fragment by reference. */
export type Fragment = {
  readonly farmId: string;
  readonly farmNumber: number;
  /** chain name -> its rules */
  readonly chains: ReadonlyMap<string, readonly string[]>;
  readonly elements: ReadonlyMap<ObjectName, Elements>;
  /** backend addresses; other farms may have the same, so the sets count references */
  readonly members4: readonly string[];
  readonly members6: readonly string[];
};

export type Ruleset = {
  readonly tag: number;
  /** by farm id */
  readonly fragments: PersistentMap<Fragment>;
  /** address -> number of fragments that have it */
  readonly members4: PersistentMap<number>;
  readonly members6: PersistentMap<number>;
  /** backend ids that left their farm and are still counted */
  readonly retired: ReadonlySet<number>;
  /** backend ids whose connections are being ended: original direction, then reply direction too */
  readonly cut: Cut;
};

export type Cut = { readonly orig: ReadonlySet<number>; readonly reply: ReadonlySet<number> };

/** The same without farms: what a listing of the kernel shows, and what ops are applied to. */
export type FlatRuleset = {
  readonly tag: number;
  /** farm chains only (f_<number>_<family>) -> rules */
  readonly chains: ReadonlyMap<string, readonly string[]>;
  readonly elements: ReadonlyMap<ObjectName, Elements>;
};
