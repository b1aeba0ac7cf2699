/**
 * Building rulesets from fragments. Never changed in place; one farm among thousands costs that farm. Invariant: members4, members6,
 * features and listUses count the fragments that have an address, need a feature or refer to a list, at least 1.
 */
import { idMark, markText } from "../allocation/marks.ts";
import { PersistentMap } from "../persistent-map.ts";
import {
  type Cut,
  type Elements,
  type FarmObject,
  type Feature,
  type FlatRuleset,
  type Fragment,
  features,
  isNetdev,
  type ListedObject,
  type ObjectName,
  objectNames,
  type Ruleset,
} from "./model.ts";
import { featureChains } from "./parts/features.ts";
import type { FixedChain } from "./parts/skeleton.ts";

export function emptyRuleset(tag: number): Ruleset {
  return {
    tag,
    fragments: PersistentMap.empty(),
    members4: PersistentMap.empty(),
    members6: PersistentMap.empty(),
    features: PersistentMap.empty(),
    lists: PersistentMap.empty(),
    listUses: PersistentMap.empty(),
    retired: new Set(),
    cut: { orig: new Set(), reply: new Set() },
  };
}

/** All fragments at once: for a full load. `base` is a ruleset without fragments. */
export function rulesetOf(base: Ruleset, fragments: readonly Fragment[]): Ruleset {
  return {
    ...base,
    fragments: PersistentMap.from(fragments.map((fragment) => [fragment.farmId, fragment] as const)),
    members4: counted(fragments.flatMap(({ members4 }) => members4)),
    members6: counted(fragments.flatMap(({ members6 }) => members6)),
    features: counted(fragments.flatMap((fragment) => fragment.features)),
    listUses: counted(fragments.flatMap((fragment) => fragment.lists)),
  };
}

/** The hot path: the ruleset with one farm's fragment added or replaced. */
export function withFragment(ruleset: Ruleset, fragment: Fragment): Ruleset {
  return withFragments(ruleset, [fragment]);
}

export function withoutFarm(ruleset: Ruleset, farmId: string): Ruleset {
  return withFragments(ruleset, [], [farmId]);
}

/** Many farms' fragments added or replaced, and farms of `gone` taken away. */
export function withFragments(ruleset: Ruleset, next: readonly Fragment[], gone: readonly string[] = []): Ruleset {
  const moves: Move[] = [
    ...next.map((after) => ({ farmId: after.farmId, before: ruleset.fragments.get(after.farmId), after })),
    ...gone.map((farmId) => ({ farmId, before: ruleset.fragments.get(farmId), after: undefined })),
  ].filter(({ before, after }) => before !== after);
  if (moves.length === 0) return ruleset;
  return {
    ...ruleset,
    fragments: ruleset.fragments.withAll(moves.map(({ farmId, after }) => [farmId, after])),
    members4: recounted(ruleset.members4, moves, (fragment) => fragment.members4),
    members6: recounted(ruleset.members6, moves, (fragment) => fragment.members6),
    features: recounted(ruleset.features, moves, (fragment) => fragment.features),
    listUses: recounted(ruleset.listUses, moves, (fragment) => fragment.lists),
  };
}

type Move = { readonly farmId: string; readonly before: Fragment | undefined; readonly after: Fragment | undefined };

/** All sets of all named lists, used or not; equal sets by reference stay. */
export function withLists(ruleset: Ruleset, sets: Iterable<readonly [string, FarmObject]>): Ruleset {
  const lists = PersistentMap.from(sets);
  return lists.changedSince(ruleset.lists).length === 0 ? ruleset : { ...ruleset, lists };
}

/** The sets of named lists that the kernel shall have, by name. */
export function listSets({ lists, listUses }: Pick<Ruleset, "lists" | "listUses">): Map<string, FarmObject> {
  return new Map(
    [...listUses.keys()].sort().map((name) => {
      const set = lists.get(name);
      if (set === undefined) throw new Error(`a farm refers to the list set ${name}, which is not there`);
      return [name, set] as const;
    }),
  );
}

export function withRetired(ruleset: Ruleset, retired: ReadonlySet<number>): Ruleset {
  return ruleset.retired === retired ? ruleset : { ...ruleset, retired };
}

export function withCut(ruleset: Ruleset, cut: Cut): Ruleset {
  return { ...ruleset, cut };
}

/** The features in use, in the order of their declaration. */
export function activeFeatures({ features: needed, cut }: Pick<Ruleset, "features" | "cut">): Feature[] {
  const isCutting = cut.orig.size > 0 || cut.reply.size > 0;
  const devices = [...needed.keys()].filter((key) => key.startsWith("ingress:")).sort();
  return [
    ...features.filter((feature) => needed.has(feature) || (feature === "cut" && isCutting)),
    ...devices.map((key): Feature => `ingress:${key.slice("ingress:".length)}`),
  ];
}

/** The chains that are there because something needs them. */
export function activeChains(ruleset: Ruleset): FixedChain[] {
  return activeFeatures(ruleset).flatMap((feature) => featureChains(ruleset.tag, feature));
}

/** Objects, chains and elements as the kernel shows them, whoever they belong to. */
export function flatten(ruleset: Ruleset): FlatRuleset {
  const chains = new Map<string, readonly string[]>();
  const objects = new Map<string, ListedObject>();
  const elements = new Map<ObjectName, Map<string, string>>(namesOf(ruleset).map((name) => [name, new Map()]));
  for (const fragment of byNumber(ruleset)) {
    for (const [chain, rules] of fragment.chains) chains.set(chain, rules);
    for (const [name, object] of fragment.objects) objects.set(name, { ...object, kind: object.declaration.kind });
  }
  for (const [name, object] of listSets(ruleset)) objects.set(name, { ...object, kind: object.declaration.kind });
  for (const { name, rules } of activeChains(ruleset)) chains.set(name, rules);
  for (const [object, target] of elements)
    for (const items of elementPieces(ruleset, object)) for (const [key, data] of items) target.set(key, data);
  return { tag: ruleset.tag, chains, objects, elements };
}

/** What a map or set that every ruleset has is made of: each key in one piece alone. Farms come in the order of their numbers. */
export function* elementPieces(ruleset: Ruleset, object: ObjectName): Generator<Elements> {
  for (const { elements } of byNumber(ruleset)) {
    const items = elements.get(object);
    if (items !== undefined) yield items;
  }
  if (object === "members4" || object === "members6") yield keysOf(ruleset[object].keys());
  for (const [name, items] of idElements(ruleset)) if (name === object && items.size > 0) yield items;
}

/** Elements that belong to the ruleset and to no farm: retired ids are still counted, cut ids are being cut. */
export function idElements({ tag, retired, cut }: Pick<Ruleset, "tag" | "retired" | "cut">): [ObjectName, Elements][] {
  const texts = (ids: Iterable<number>) => keysOf(Array.from(ids, (id) => markText(idMark(tag, id))));
  const counting = texts(retired);
  return [
    ["bin", counting],
    ["bout", counting],
    ["cut_orig", texts(cut.orig)],
    ["cut_reply", texts(cut.reply)],
  ];
}

/** Those of the second table only while it is there. */
function namesOf(ruleset: Ruleset): ObjectName[] {
  return objectNames.filter((name) => !isNetdev(name) || ruleset.features.has("dsr"));
}

function byNumber({ fragments }: Pick<Ruleset, "fragments">): readonly Fragment[] {
  const known = sortedOf.get(fragments);
  if (known !== undefined) return known;
  const sorted = [...fragments.values()].sort((a, b) => a.farmNumber - b.farmNumber);
  sortedOf.set(fragments, sorted);
  return sorted;
}

/** A memo only: it is asked for each object of the same ruleset. */
const sortedOf = new WeakMap<Ruleset["fragments"], readonly Fragment[]>();

function keysOf(keys: Iterable<string>): Map<string, string> {
  return new Map(Array.from(keys, (key) => [key, ""] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function counted(addresses: readonly string[]): PersistentMap<number> {
  const counts = new Map<string, number>();
  for (const address of addresses) counts.set(address, (counts.get(address) ?? 0) + 1);
  return PersistentMap.from(counts);
}

/** A fragment that keeps what is counted costs nothing: the list is the same by reference, or its counts cancel out. */
function recounted(
  counts: PersistentMap<number>,
  moves: readonly Move[],
  of: (fragment: Fragment) => readonly string[],
): PersistentMap<number> {
  const deltas = new Map<string, number>();
  const add = (keys: readonly string[], delta: number) => {
    for (const key of keys) deltas.set(key, (deltas.get(key) ?? 0) + delta);
  };
  for (const { before, after } of moves) {
    const had = before === undefined ? [] : of(before);
    const has = after === undefined ? [] : of(after);
    if (had === has) continue;
    add(had, -1);
    add(has, 1);
  }
  const totals = Array.from(deltas, ([key, delta]) => [key, (counts.get(key) ?? 0) + delta] as const);
  return counts.withAll(totals.map(([key, total]) => [key, total > 0 ? total : undefined]));
}
