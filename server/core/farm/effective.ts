/**
 * Effective weight: weight x AdminState x condition (health, out, factor) x tier, as DESIGN's table says. Pure.
 * Invariant: a backend with weight > 0 here gets slots; `inMap` false takes it out of the address maps (sticky clients move).
 */
import { type Condition, conditionOf, type FarmConditions, isWithdrawn } from "../health/condition.ts";
import { familyOf } from "./address.ts";
import type { HostView } from "./host-view.ts";
import type { Backend, Family, Farm } from "./types.ts";

export type EffectiveBackend = {
  readonly backendId: string;
  readonly family: Family;
  /** 0 = no slots, takes no new connections; whole where no factor is at work */
  readonly weight: number;
  /** what its weight was multiplied by; absent = 1 */
  readonly factor?: number;
  /** false for maintenance, window, down and ejected, and for drain where sticky clients shall move */
  readonly inMap: boolean;
};

export type EffectiveFarm = {
  readonly farmId: string;
  /** the tier that serves; where the families differ, the higher one. null = nobody serves */
  readonly tier: number | null;
  /** in the order of the farm's backends */
  readonly backends: readonly EffectiveBackend[];
  /** with direct return: the links as they were seen; absent = none known */
  readonly host?: HostView;
};

export function effective(farm: Farm, conditions: FarmConditions): EffectiveFarm {
  const tiers = servingTiers(farm, conditions);
  return {
    farmId: farm.id,
    tier: tiers.size === 0 ? null : Math.max(...tiers.values()),
    backends: farm.backends.map((backend) => {
      const family = familyOf(backend.address);
      const condition = conditionOf(conditions, backend.id);
      const { factor } = condition;
      const serves = mayServe(backend, condition) && backend.tier === tiers.get(family);
      const weight = serves ? backend.weight * factor : 0;
      const inMap = staysInMap(farm, backend) && !isWithdrawn(condition);
      const backendId = backend.id;
      return factor === 1 ? { backendId, family, weight, inMap } : { backendId, family, weight, inMap, factor };
    }),
  };
}

/** The family in which the sorry server answers now: its own, while none of that family's backends serves. */
export function sorryFamily({ sorryServer }: Pick<Farm, "sorryServer">, eff: EffectiveFarm): Family | null {
  if (sorryServer === null) return null;
  const family = familyOf(sorryServer.address);
  const isServed = eff.backends.some((backend) => backend.family === family && backend.weight > 0);
  return isServed ? null : family;
}

function staysInMap({ drainSticky }: Farm, { adminState }: Backend): boolean {
  return adminState === "active" || (adminState === "drain" && drainSticky === "stay");
}

function mayServe({ weight, adminState }: Backend, condition: Condition): boolean {
  return weight > 0 && adminState === "active" && !isWithdrawn(condition) && condition.factor > 0;
}

/** The lowest tier of each family that has its quorum. */
function servingTiers(farm: Farm, conditions: FarmConditions): Map<Family, number> {
  const tiers = new Map<Family, number>();
  for (const { family, tier, all, able } of countTiers(farm, conditions)) {
    // a tier that never had so many is whole when all of it serves
    if (able === 0 || able < Math.min(farm.failover.quorum, all)) continue;
    tiers.set(family, Math.min(tier, tiers.get(family) ?? tier));
  }
  return tiers;
}

type TierCount = { readonly family: Family; readonly tier: number; all: number; able: number };

/** A farm has few tiers: they are found by looking. */
function countTiers(farm: Farm, conditions: FarmConditions): readonly TierCount[] {
  const counts: TierCount[] = [];
  for (const backend of farm.backends) {
    const { tier } = backend;
    const family = familyOf(backend.address);
    let count = counts.find((each) => each.tier === tier && each.family === family);
    if (count === undefined) {
      count = { family, tier, all: 0, able: 0 };
      counts.push(count);
    }
    count.all++;
    if (mayServe(backend, conditionOf(conditions, backend.id))) count.able++;
  }
  return counts;
}
