/** What each source says of a backend, and what follows from all of them together. Pure. */
import { type Condition, type FarmConditions, unmeasured } from "../core/health/condition.ts";

/** Merged: a window is stronger than an ejection, factors multiply, health is what the checks say. */
export const conditionSources = ["checks", "wish", "outliers", "windows", "slow-start", "dynamic"] as const;
export type ConditionSource = (typeof conditionSources)[number];

export type ConditionPart = {
  readonly health?: Condition["health"] | undefined;
  /** since when it has this health; for people, and across a restart */
  readonly since?: number | undefined;
  readonly out?: Condition["out"] | undefined;
  readonly factor?: number | undefined;
};

export type Parts = Map<ConditionSource, ConditionPart>;

/** `before`: what was merged of these last; conditions that say the same stay the same objects. */
export function merge(parts: ReadonlyMap<string, Parts>, before: FarmConditions): FarmConditions {
  const merged = new Map<string, Condition>();
  for (const [backendId, own] of parts) merged.set(backendId, mergedOne(own, before.get(backendId)));
  return merged;
}

/** In what a restart must know: not in how far a factor has come. */
export function isCoarselySame(a: FarmConditions, b: FarmConditions): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [id, own] of a) {
    const other = b.get(id);
    if (own === other) continue;
    if (own.health !== other?.health || own.out !== other.out || (own.factor === 1) !== (other.factor === 1))
      return false;
  }
  return true;
}

export function isSamePart(a: ConditionPart | null, b: ConditionPart | null): boolean {
  return a === b || (a !== null && b !== null && a.health === b.health && a.out === b.out && a.factor === b.factor);
}

function mergedOne(parts: Parts, before: Condition | undefined): Condition {
  let { health, out, factor } = unmeasured;
  for (const part of parts.values()) {
    health = part.health ?? health;
    if (part.out === "window" || (part.out === "ejected" && out === null)) out = part.out;
    factor *= part.factor ?? 1;
  }
  const isSame = before?.health === health && before.out === out && before.factor === factor;
  return isSame ? before : { health, out, factor };
}
