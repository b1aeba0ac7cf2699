/**
 * What the kernel shall have: a fixed skeleton (parts/skeleton.ts), hooks that are there only while something needs them
 * (parts/features.ts) and, per farm, a Fragment. Elements are nft text: key -> data ("" in a set), in exactly the form that listing.ts
 * gives back, so that both are compared as text. Elements of dynamic objects are the kernel's own and never compared.
 * No text in here comes from people: only parsed literals and generated numbers.
 */
import type { PersistentMap } from "../persistent-map.ts";

export const tableName = "sluice";

/** Objects and chains of direct return stand in a second table, `netdev`: only there frames can be sent on. Their names say so. */
export function isNetdev(name: string): boolean {
  return /^(d_)?dsr|^ingress_/.test(name);
}

/** A device in a rule: in quotes, because its name may be a word of nft's language, or a number. */
export function deviceText(name: string): string {
  return `"${name}"`;
}

/** Raised whenever maps, hooks or marks change shape: an empty chain of this name marks the layout. */
export const layoutChain = "layout_2";

export const objectNames = [
  "svc4",
  "svc6",
  "rng4",
  "rng6",
  "all4",
  "all6",
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
  "sticky4",
  "guard4",
  "guard6",
  "grng4",
  "grng6",
  "gall4",
  "gall6",
  "turned",
  "qos",
  "syn4",
  "syn6",
  "raw4",
  "raw6",
  "rawr4",
  "rawr6",
  "unt4",
  "unt6",
  "untr4",
  "untr6",
  "ret4",
  "ret6",
  "retr4",
  "retr6",
  "dsr4",
  "dsr6",
  "dsrr4",
  "dsrr6",
] as const;
/** Maps and sets that every ruleset has. */
export type ObjectName = (typeof objectNames)[number];

export type ObjectDeclaration = {
  readonly kind: "map" | "set";
  /** data types, or `typeof` and expressions where a key has no type with a name */
  readonly type: string;
  /** whole statements of the body, besides the type */
  readonly options: readonly string[];
};

/** The kernel adds and removes its elements by itself. */
export function isDynamic({ options }: ObjectDeclaration): boolean {
  return options.some((option) => option.startsWith("flags") && option.includes("dynamic"));
}

/**
 * Hooks that cost every packet something and are therefore there only while something needs them: connections being cut, farms that
 * filter, farms that mark packets for others' queues, farms that forward without connection tracking.
 */
export const features = ["cut", "guard", "qos", "synproxy", "stateless", "dsr"] as const;
/** `ingress:` and a device: frames are taken where they arrive. */
export type Feature = (typeof features)[number] | `ingress:${string}`;

/** nft text: key -> data, "" in a set. */
export type Elements = ReadonlyMap<string, string>;

/** A map or set of one farm. Its name carries a digest of its declaration: another declaration is another object. */
export type FarmObject = { readonly declaration: ObjectDeclaration; readonly elements: Elements };

/** One farm's objects, chains and elements. Equal inputs by reference give the same Fragment by reference. */
export type Fragment = {
  readonly farmId: string;
  readonly farmNumber: number;
  /** hooks this farm needs */
  readonly features: readonly Feature[];
  /** name (parts/part.ts, farmObject) -> the farm's own maps and sets */
  readonly objects: ReadonlyMap<string, FarmObject>;
  /** chain name -> its rules */
  readonly chains: ReadonlyMap<string, readonly string[]>;
  /** what the farm puts into the objects that every ruleset has */
  readonly elements: ReadonlyMap<ObjectName, Elements>;
  /** backend addresses; other farms may have the same, so the sets count references */
  readonly members4: readonly string[];
  readonly members6: readonly string[];
  /** names of the sets of named lists that its rules look into */
  readonly lists: readonly string[];
};

export type Ruleset = {
  readonly tag: number;
  /** by farm id */
  readonly fragments: PersistentMap<Fragment>;
  /** address -> number of fragments that have it */
  readonly members4: PersistentMap<number>;
  readonly members6: PersistentMap<number>;
  /** feature -> number of fragments that need it */
  readonly features: PersistentMap<number>;
  /** named lists, by the name of their set: one a family, in the kernel only while a fragment refers to it */
  readonly lists: PersistentMap<FarmObject>;
  /** name of a list's set -> number of fragments that refer to it */
  readonly listUses: PersistentMap<number>;
  /** backend ids that left their farm and are still counted */
  readonly retired: ReadonlySet<number>;
  /** backend ids whose connections are being ended: original direction, then reply direction too */
  readonly cut: Cut;
};

export type Cut = { readonly orig: ReadonlySet<number>; readonly reply: ReadonlySet<number> };

/** The same without farms: what a listing of the kernel shows, and what ops are applied to. */
export type FlatRuleset = {
  readonly tag: number;
  /** chains of farms and of features -> rules; a listing shows a signed rule as its signature alone */
  readonly chains: ReadonlyMap<string, readonly string[]>;
  /** farms' own maps and sets, and sets of named lists; a listing does not know the declaration, and needs none */
  readonly objects: ReadonlyMap<string, ListedObject>;
  readonly elements: ReadonlyMap<ObjectName, Elements>;
};

export type ListedObject = {
  readonly kind: ObjectDeclaration["kind"];
  readonly declaration: ObjectDeclaration | null;
  /** empty where the kernel keeps them by itself */
  readonly elements: Elements;
};
