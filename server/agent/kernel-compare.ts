/** Comparing what was listed with what shall be. Pure. */
import { isObjectName } from "../core/ruleset/listing-json.ts";
import { type Elements, type FarmObject, isNetdev, type ListedObject, type Ruleset } from "../core/ruleset/model.ts";
import { objects as skeleton } from "../core/ruleset/parts/skeleton.ts";
import { elementPieces, listSets } from "../core/ruleset/ruleset.ts";

export function sameRules(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([chain, rules]) => b.get(chain) === rules);
}

/** Fixed chains whose rules are not what was listed after our own hand; none when that was never listed. */
export function changedRules(known: ReadonlyMap<string, string> | null, listed: ReadonlyMap<string, string>): string[] {
  return known === null ? [] : [...known.keys()].filter((chain) => listed.get(chain) !== known.get(chain));
}

export type WantedObject = {
  readonly kind: ListedObject["kind"];
  /** what all of it is made of, each key in one piece alone */
  readonly pieces: () => Iterable<Elements>;
};

/** A map or set that may have elements of ours; null: it shall not be there. Goes through the farms as it is asked for its pieces. */
export function wantedElements(desired: Ruleset, object: string): WantedObject | null {
  if (isObjectName(object)) {
    if (isNetdev(object) && !desired.features.has("dsr")) return null;
    return { kind: skeleton[object].kind, pieces: () => elementPieces(desired, object) };
  }
  const own = ownObject(desired, object);
  return own === null ? null : { kind: own.declaration.kind, pieces: () => [own.elements] };
}

function ownObject(desired: Ruleset, object: string): FarmObject | null {
  const list = listSets(desired).get(object);
  if (list !== undefined) return list;
  for (const { objects } of desired.fragments.values()) {
    const own = objects.get(object);
    if (own !== undefined) return own;
  }
  return null;
}

/** so many elements between two pauses */
const elementsPerPause = 4000;

/** Whether exactly these are listed. Others go on meanwhile: there may be a hundred thousand. */
export async function sameElements(
  listed: ReadonlyMap<string, string>,
  { pieces }: Pick<WantedObject, "pieces">,
  pause: () => Promise<void>,
): Promise<boolean> {
  let count = 0;
  let sincePause = 0;
  for (const piece of pieces()) {
    for (const [key, data] of piece) if (listed.get(key) !== data) return false;
    count += piece.size;
    sincePause += piece.size;
    if (sincePause < elementsPerPause) continue;
    sincePause = 0;
    await pause();
  }
  return count === listed.size;
}
