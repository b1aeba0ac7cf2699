/**
 * What the agent knows of a farm's backends now, beside what the administrator decided: the second input of effective weights. One map
 * a farm, replaced and never changed in place, so that two references that are equal say that nothing moved.
 */
import type { Health } from "../farm/types.ts";

export type Condition = {
  readonly health: Health;
  /** out though its checks are good: ejected acts like down (TCP connections stay), a window like maintenance */
  readonly out: "ejected" | "window" | null;
  /** multiplies the weight: slow start x dynamic policy. 1 = nothing; 0 = like a drain: no new clients, known ones stay */
  readonly factor: number;
};

/** By backend id; one that is not there is as `unmeasured`. */
export type FarmConditions = ReadonlyMap<string, Condition>;

export const unmeasured: Condition = { health: "unknown", out: null, factor: 1 };
export const noConditions: FarmConditions = new Map();

export function conditionOf(conditions: FarmConditions, backendId: string): Condition {
  return conditions.get(backendId) ?? unmeasured;
}

/** Takes no new clients, whatever its weight. */
export function isWithdrawn({ health, out }: Condition): boolean {
  return health === "down" || out !== null;
}

/** Conditions that differ from "not measured" in health alone. */
export function conditionsByHealth(health: ReadonlyMap<string, Health>): FarmConditions {
  return new Map(Array.from(health, ([id, own]) => [id, { ...unmeasured, health: own }]));
}

/** The same, with other health for some. */
export function withHealth(conditions: FarmConditions, health: ReadonlyMap<string, Health>): FarmConditions {
  if (health.size === 0) return conditions;
  const next = new Map(conditions);
  for (const [id, own] of health) next.set(id, { ...conditionOf(conditions, id), health: own });
  return next;
}
