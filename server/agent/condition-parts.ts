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

export type Parts = ReadonlyMap<ConditionSource, ConditionPart>;

export function merge(parts: ReadonlyMap<string, Parts>): FarmConditions {
  return new Map(Array.from(parts, ([backendId, own]) => [backendId, mergedOne(own)]));
}

/** What a restart must know: not how far a factor has come. */
export function coarseOf(conditions: FarmConditions): string {
  return Array.from(conditions, ([id, { health, out, factor }]) => `${id} ${health} ${out} ${factor === 1}`).join();
}

export function isSamePart(a: ConditionPart | null, b: ConditionPart | null): boolean {
  return a === b || (a !== null && b !== null && a.health === b.health && a.out === b.out && a.factor === b.factor);
}

function mergedOne(parts: Parts): Condition {
  let { health, out, factor } = unmeasured;
  for (const part of parts.values()) {
    health = part.health ?? health;
    if (part.out === "window" || (part.out === "ejected" && out === null)) out = part.out;
    factor *= part.factor ?? 1;
  }
  return { health, out, factor };
}
