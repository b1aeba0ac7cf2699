/**
 * The steps from what runs to what shall run, as one transaction. diff(b, b) is empty; fragments of the same reference are not
 * looked into. An element that moves between owners (a retired id) is left alone, so that its counter goes on.
 * Order: new objects, new chains, elements away, elements in, changed rules, old chains, old objects: every reference finds its target.
 */
import type { PersistentMap } from "../persistent-map.ts";
import {
  type Elements,
  type FarmObject,
  type FlatRuleset,
  type Fragment,
  isNetdev,
  type ListedObject,
  type ObjectDeclaration,
  type ObjectName,
  objectNames,
  type Ruleset,
} from "./model.ts";
import type { Op } from "./ops.ts";
import type { FixedChain } from "./parts/skeleton.ts";
import { activeChains, emptyRuleset, flatten, idElements, listSets } from "./ruleset.ts";
import { ruleKey } from "./signature.ts";
import { SlotElements } from "./slot-elements.ts";

/** `running`: the last ruleset; a listing of the kernel; or null for an empty kernel (full load with the skeleton). */
export function diff(running: Ruleset | FlatRuleset | null, desired: Ruleset): Op[] {
  if (running === null || running.tag !== desired.tag) {
    const load = changesBetween(emptyRuleset(desired.tag), desired);
    return [{ type: "replace-table", tag: desired.tag }, ...load.ops()];
  }
  return ("fragments" in running ? changesBetween(running, desired) : flatChanges(running, desired)).ops();
}

/** After a foreign hand: skeleton declared again, fixed rules anew, then the difference. Keeps elements and their counters. */
export function repair(listed: FlatRuleset, desired: Ruleset): Op[] {
  return [{ type: "redeclare", tag: desired.tag }, ...flatChanges(listed, desired).ops()];
}

type Presence = "none" | "part" | "whole";

/** What goes and what comes, per object and chain; what does both unchanged does neither. */
class Changes {
  readonly #gone = new Map<string, Map<string, string>>();
  readonly #come = new Map<string, Map<string, string>>();
  /** slots of a farm that stay its own and lead elsewhere, with their new data */
  readonly #moved: (readonly [string, string])[] = [];
  readonly #objectsBefore = new Map<string, ListedObject["kind"]>();
  readonly #objectsAfter = new Map<string, ObjectDeclaration>();
  readonly #chainsBefore = new Map<string, readonly string[]>();
  readonly #chainsAfter = new Map<string, readonly string[]>();
  readonly #hooks = new Map<string, string>();
  #netdev: { readonly before: Presence; readonly after: boolean } = { before: "none", after: false };

  elements(object: string, before: Elements | undefined, after: Elements | undefined): void {
    if (before === after) return;
    if (before instanceof SlotElements && after instanceof SlotElements) {
      this.#slots(object, before, after);
      return;
    }
    for (const [key, data] of before ?? []) if (after?.get(key) !== data) put(this.#gone, object, key, data);
    for (const [key, data] of after ?? []) if (before?.get(key) !== data) put(this.#come, object, key, data);
  }

  #slots(object: string, before: SlotElements, after: SlotElements): void {
    SlotElements.changes(before, after, {
      moved: (key, data) => void this.#moved.push([key, data]),
      gone: (key, data) => put(this.#gone, object, key, data),
      come: (key, data) => put(this.#come, object, key, data),
    });
  }

  chains(before: Fragment["chains"] | undefined, after: Fragment["chains"] | undefined): void {
    if (before === after) return;
    for (const [name, rules] of before ?? []) this.#chainsBefore.set(name, rules);
    for (const [name, rules] of after ?? []) this.#chainsAfter.set(name, rules);
  }

  /** how much of the second table is there, and whether it shall be */
  netdev(before: Presence, after: boolean): void {
    this.#netdev = { before, after };
  }

  hook({ name, hook }: FixedChain): void {
    if (hook !== null) this.#hooks.set(name, hook);
  }

  objects(before: ReadonlyMap<string, Owned> | undefined, after: Fragment["objects"] | undefined): void {
    if (before === after) return;
    for (const [name, object] of before ?? []) {
      this.#objectsBefore.set(name, kindOf(object));
      // an object that goes takes its elements with it
      if (after?.has(name)) this.elements(name, object.elements, after.get(name)?.elements);
    }
    for (const [name, { declaration, elements }] of after ?? []) {
      this.#objectsAfter.set(name, declaration);
      if (!before?.has(name)) this.elements(name, undefined, elements);
    }
  }

  ops(): Op[] {
    const added: Op[] = [];
    const ruled: Op[] = [];
    const rewritten: Op[] = [];
    for (const [chain, rules] of this.#chainsAfter) {
      const before = this.#chainsBefore.get(chain);
      if (before !== undefined && sameRules(before, rules)) continue;
      if (before === undefined) {
        added.push({ type: "add-chain", chain, hook: this.#hooks.get(chain) ?? null });
        ruled.push(...rules.map((rule): Op => ({ type: "add-rule", chain, rule })));
      } else rewritten.push({ type: "rewrite-chain", chain, before, rules });
    }
    const { made, unmade } = this.#objectOps();
    const { before, after } = this.#netdev;
    return [
      ...(after && before !== "whole" ? [{ type: "add-netdev", isFresh: before === "none" } as const] : []),
      ...made,
      ...added,
      ...ruled,
      ...this.#elementOps(),
      ...rewritten,
      ...this.#leavingChainOps(),
      ...unmade,
      ...(before !== "none" && !after ? [{ type: "delete-netdev" } as const] : []),
    ];
  }

  /** All are emptied before the first goes: they may refer to each other. */
  #leavingChainOps(): Op[] {
    const leaving = [...this.#chainsBefore.keys()].filter((chain) => !this.#chainsAfter.has(chain));
    return [
      ...leaving.map((chain): Op => ({ type: "flush-chain", chain })),
      ...leaving.map((chain): Op => ({ type: "delete-chain", chain })),
    ];
  }

  #objectOps(): { made: Op[]; unmade: Op[] } {
    const made: Op[] = [];
    const unmade: Op[] = [];
    for (const [object, declaration] of this.#objectsAfter)
      if (!this.#objectsBefore.has(object)) made.push({ type: "add-object", object, declaration });
    for (const [object, kind] of this.#objectsBefore)
      if (!this.#objectsAfter.has(object)) unmade.push({ type: "delete-object", object, kind });
    return { made, unmade };
  }

  #elementOps(): Op[] {
    const deletes: Op[] = [];
    const adds: Op[] = [];
    for (const object of [...objectNames, ...this.#objectsAfter.keys()]) {
      const gone = this.#gone.get(object);
      const come = this.#come.get(object);
      const moved = object === slots ? this.#moved : [];
      // nearly all of them, each time
      if (gone === undefined && come === undefined && moved.length === 0) continue;
      const keys = moved.map(([key]) => key);
      for (const [key, data] of gone ?? []) if (come?.get(key) !== data) keys.push(key);
      const elements = moved.slice();
      for (const [key, data] of come ?? []) if (gone?.get(key) !== data) elements.push([key, data]);
      if (keys.length > 0) deletes.push({ type: "delete-elements", object, keys });
      if (elements.length > 0) adds.push({ type: "add-elements", object, elements });
    }
    return [...deletes, ...adds];
  }
}

/** the object that slots of all farms stand in */
const slots: ObjectName = "slots";

type Owned = FarmObject | ListedObject;

function kindOf(object: Owned): ListedObject["kind"] {
  return "kind" in object ? object.kind : object.declaration.kind;
}

function changesBetween(running: Ruleset, desired: Ruleset): Changes {
  const changes = new Changes();
  const fragments = desired.fragments.changedSince(running.fragments);
  fragments.sort((a, b) => numberOf(a) - numberOf(b));
  for (const { before, after } of fragments) {
    changes.objects(before?.objects, after?.objects);
    changes.chains(before?.chains, after?.chains);
    for (const [object, items] of after?.elements ?? []) changes.elements(object, before?.elements.get(object), items);
    for (const [object, items] of before?.elements ?? [])
      if (!after?.elements.has(object)) changes.elements(object, items, undefined);
  }
  changes.elements("members4", ...memberChanges(running.members4, desired.members4));
  changes.elements("members6", ...memberChanges(running.members6, desired.members6));
  featureChanges(changes, running, desired);
  changes.netdev(running.features.has("dsr") ? "whole" : "none", desired.features.has("dsr"));
  if (running.lists !== desired.lists || running.listUses !== desired.listUses)
    changes.objects(listSets(running), listSets(desired));
  if (running.retired !== desired.retired || running.cut !== desired.cut) {
    const before = idElements(running);
    for (const [at, [object, elements]] of idElements(desired).entries())
      changes.elements(object, before[at]?.[1], elements);
  }
  return changes;
}

/** Hooks that come with the first that needs them and go with the last. */
function featureChanges(changes: Changes, running: Ruleset, desired: Ruleset): void {
  if (running.features === desired.features && running.cut === desired.cut) return;
  const chainsOf = (chains: readonly FixedChain[]) => new Map(chains.map(({ name, rules }) => [name, rules]));
  const wanted = activeChains(desired);
  for (const chain of wanted) changes.hook(chain);
  changes.chains(chainsOf(activeChains(running)), chainsOf(wanted));
}

function flatChanges(listed: FlatRuleset, desired: Ruleset): Changes {
  const changes = new Changes();
  const flat = flatten(desired);
  for (const chain of activeChains(desired)) changes.hook(chain);
  const names = objectNames.filter(isNetdev);
  const there = names.filter((name) => listed.elements.has(name)).length;
  const presence = there === 0 ? "none" : there === names.length ? "whole" : "part";
  changes.netdev(presence, desired.features.has("dsr"));
  changes.objects(listed.objects, declared(flat.objects));
  changes.chains(listed.chains, flat.chains);
  for (const object of objectNames) changes.elements(object, listed.elements.get(object), flat.elements.get(object));
  return changes;
}

function declared(objects: FlatRuleset["objects"]): Map<string, FarmObject> {
  const out = new Map<string, FarmObject>();
  for (const [name, { declaration, elements }] of objects)
    if (declaration !== null) out.set(name, { declaration, elements });
  return out;
}

function numberOf({ before, after }: { before: Fragment | undefined; after: Fragment | undefined }): number {
  return after?.farmNumber ?? before?.farmNumber ?? 0;
}

/** Only whether an address is there matters to the kernel, not how many farms have it. */
function memberChanges(before: PersistentMap<number>, after: PersistentMap<number>): [Elements, Elements] {
  const gone = new Map<string, string>();
  const come = new Map<string, string>();
  for (const change of after.changedSince(before)) {
    if (change.after === undefined) gone.set(change.key, "");
    else if (change.before === undefined) come.set(change.key, "");
  }
  return [gone, come];
}

function sameRules(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((rule, at) => ruleKey(rule) === ruleKey(b[at] ?? "")));
}

function put(target: Map<string, Map<string, string>>, object: string, key: string, data: string): void {
  const map = target.get(object);
  if (map === undefined) target.set(object, new Map([[key, data]]));
  else map.set(key, data);
}
