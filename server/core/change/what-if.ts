/** Planned shares in cases that have not happened: a draft's weights, a backend that fails, nobody left. Pure, for the weights board. */
import { familyOf } from "../farm/address.ts";
import { type EffectiveFarm, effective } from "../farm/effective.ts";
import { plannedShares } from "../farm/shares.ts";
import type { Family, Farm } from "../farm/types.ts";
import { conditionOf, type FarmConditions, isWithdrawn, withHealth } from "../health/condition.ts";

/** Shares of the others when this backend goes down. */
export function sharesWithout(farm: Farm, conditions: FarmConditions, backendId: string): Map<string, number> {
  return plannedShares(farm, effective(farm, withHealth(conditions, new Map([[backendId, "down"]]))));
}

/** Backends that take new connections, or would with a weight: active, not down, and of the tier that serves. */
export function servingBackends(farm: Farm, conditions: FarmConditions): string[] {
  const may = farm.backends.filter(
    ({ id, adminState }) => adminState === "active" && !isWithdrawn(conditionOf(conditions, id)),
  );
  const tiers = new Map<Family, number>();
  for (const isWeighed of [true, false]) {
    for (const family of [4, 6] as const) {
      const own = may.filter(({ address, weight }) => familyOf(address) === family && (!isWeighed || weight > 0));
      if (own.length > 0 && !tiers.has(family)) tiers.set(family, Math.min(...own.map(({ tier }) => tier)));
    }
  }
  return may.filter(({ address, tier }) => tiers.get(familyOf(address)) === tier).map(({ id }) => id);
}

/** Families in which somebody takes new connections before the change and nobody after it: the farm's name must be typed first. */
export function emptiedFamilies(before: EffectiveFarm, after: EffectiveFarm): Family[] {
  const serves = (eff: EffectiveFarm, family: Family) =>
    eff.backends.some((backend) => backend.family === family && backend.weight > 0);
  return ([4, 6] as const).filter((family) => serves(before, family) && !serves(after, family));
}

/** The largest change of one backend's share, in points. */
export function largestMovePts(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number {
  const ids = new Set([...before.keys(), ...after.keys()]);
  return Math.max(0, ...Array.from(ids, (id) => Math.abs((after.get(id) ?? 0) - (before.get(id) ?? 0))));
}
