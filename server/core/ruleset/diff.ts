/**
 * The steps from what runs to what shall run, as one transaction. diff(b, b) is empty; fragments of the same reference are not
 * looked into. An element that moves between owners (a retired id) is left alone, so that its counter goes on.
 * Order: new chains, elements away, elements in, changed rules, old chains: every reference finds its target.
 */
import type { PersistentMap } from "../persistent-map.ts";
import { type Elements, type FlatRuleset, type Fragment, type ObjectName, objectNames, type Ruleset } from "./model.ts";
import type { Op } from "./ops.ts";
import { emptyRuleset, flatten, idElements } from "./ruleset.ts";

/** `running`: the last ruleset; a listing of the kernel; or null for an empty kernel (full load with the skeleton). */
export function diff(running: Ruleset | FlatRuleset | null, desired: Ruleset): Op[] {
  if (running === null || running.tag !== desired.tag) {
    const load = changesBetween(emptyRuleset(desired.tag), desired);
    return [{ type: "replace-table", tag: desired.tag }, ...load.ops()];
  }
  return ("fragments" in running ? changesBetween(running, desired) : flatChanges(running, flatten(desired))).ops();
}

/** After a foreign hand: skeleton declared again, fixed rules anew, then the difference. Keeps elements and their counters. */
export function repair(listed: FlatRuleset, desired: Ruleset): Op[] {
  return [{ type: "redeclare", tag: desired.tag }, ...flatChanges(listed, flatten(desired)).ops()];
}

/** What goes and what comes, per object and chain; what does both unchanged does neither. */
class Changes {
  readonly #gone = new Map<ObjectName, Map<string, string>>();
  readonly #come = new Map<ObjectName, Map<string, string>>();
  readonly #chainsBefore = new Map<string, readonly string[]>();
  readonly #chainsAfter = new Map<string, readonly string[]>();

  elements(object: ObjectName, before: Elements | undefined, after: Elements | undefined): void {
    if (before === after) return;
    for (const [key, data] of before ?? []) if (after?.get(key) !== data) put(this.#gone, object, key, data);
    for (const [key, data] of after ?? []) if (before?.get(key) !== data) put(this.#come, object, key, data);
  }

  chains(before: Fragment["chains"] | undefined, after: Fragment["chains"] | undefined): void {
    for (const [name, rules] of before ?? []) this.#chainsBefore.set(name, rules);
    for (const [name, rules] of after ?? []) this.#chainsAfter.set(name, rules);
  }

  ops(): Op[] {
    const ops: Op[] = [];
    const rewritten: Op[] = [];
    for (const [chain, rules] of this.#chainsAfter) {
      const before = this.#chainsBefore.get(chain);
      if (before !== undefined && sameRules(before, rules)) continue;
      const added = rules.map((rule): Op => ({ type: "add-rule", chain, rule }));
      if (before === undefined) ops.push({ type: "add-chain", chain }, ...added);
      else rewritten.push({ type: "flush-chain", chain }, ...added);
    }
    ops.push(...this.#elementOps(), ...rewritten);
    for (const chain of this.#chainsBefore.keys())
      if (!this.#chainsAfter.has(chain)) ops.push({ type: "flush-chain", chain }, { type: "delete-chain", chain });
    return ops;
  }

  #elementOps(): Op[] {
    const deletes: Op[] = [];
    const adds: Op[] = [];
    for (const object of objectNames) {
      const gone = this.#gone.get(object);
      const come = this.#come.get(object);
      const keys = [...(gone ?? [])].filter(([key, data]) => come?.get(key) !== data).map(([key]) => key);
      const elements = [...(come ?? [])].filter(([key, data]) => gone?.get(key) !== data);
      if (keys.length > 0) deletes.push({ type: "delete-elements", object, keys });
      if (elements.length > 0) adds.push({ type: "add-elements", object, elements });
    }
    return [...deletes, ...adds];
  }
}

function changesBetween(running: Ruleset, desired: Ruleset): Changes {
  const changes = new Changes();
  const fragments = desired.fragments.changedSince(running.fragments);
  fragments.sort((a, b) => numberOf(a) - numberOf(b));
  for (const { before, after } of fragments) {
    changes.chains(before?.chains, after?.chains);
    for (const object of objectNames)
      changes.elements(object, before?.elements.get(object), after?.elements.get(object));
  }
  changes.elements("members4", ...memberChanges(running.members4, desired.members4));
  changes.elements("members6", ...memberChanges(running.members6, desired.members6));
  if (running.retired !== desired.retired || running.cut !== desired.cut) {
    const before = idElements(running);
    for (const [at, [object, elements]] of idElements(desired).entries())
      changes.elements(object, before[at]?.[1], elements);
  }
  return changes;
}

function flatChanges(listed: FlatRuleset, desired: FlatRuleset): Changes {
  const changes = new Changes();
  changes.chains(listed.chains, desired.chains);
  for (const object of objectNames) changes.elements(object, listed.elements.get(object), desired.elements.get(object));
  return changes;
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
  return a === b || (a.length === b.length && a.every((rule, at) => rule === b[at]));
}

function put(target: Map<ObjectName, Map<string, string>>, object: ObjectName, key: string, data: string): void {
  const map = target.get(object);
  if (map === undefined) target.set(object, new Map([[key, data]]));
  else map.set(key, data);
}
