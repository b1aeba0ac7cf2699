/** Comparing what was listed with what shall be. Pure. */
import type { ListedObject, Ruleset } from "../core/ruleset/model.ts";
import { objects as skeleton } from "../core/ruleset/parts/skeleton.ts";
import { flatten } from "../core/ruleset/ruleset.ts";

export function sameRules(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([chain, rules]) => b.get(chain) === rules);
}

/** Fixed chains whose rules are not what was listed after our own hand; none when that was never listed. */
export function changedRules(known: ReadonlyMap<string, string> | null, listed: ReadonlyMap<string, string>): string[] {
  return known === null ? [] : [...known.keys()].filter((chain) => listed.get(chain) !== known.get(chain));
}

type WantedObject = Pick<ListedObject, "kind" | "elements">;

/** Every map and set that may have elements of ours. */
export function wantedElements(desired: Ruleset): ReadonlyMap<string, WantedObject> {
  const flat = flatten(desired);
  const wanted = new Map<string, WantedObject>(flat.objects);
  for (const [name, elements] of flat.elements) wanted.set(name, { kind: skeleton[name].kind, elements });
  return wanted;
}

export function sameElements(listed: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): boolean {
  return listed.size === wanted.size && [...listed].every(([key, data]) => wanted.get(key) === data);
}
