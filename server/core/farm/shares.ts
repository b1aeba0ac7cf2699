/**
 * Shares of new connections in percent, 0..100, summing to 100 within a family that serves (0 everywhere in one that does not).
 * Planned = from effective weights; programmed = from the slots the kernel has, which by hashes are near the planned ones, not the same.
 */
import type { EffectiveFarm } from "./effective.ts";
import { familyCounts, familyMembers, type Member } from "./family-plan.ts";
import type { Family, Farm } from "./types.ts";

const families = [4, 6] as const;

/** Backends of the other family are left out when a family is named. */
export function plannedShares(farm: Farm, eff: EffectiveFarm, family?: Family): Map<string, number> {
  return sharesOf(farm, eff, family, (members) => members.map(({ weight }) => weight));
}

/** `modulus`: the slots in use of each family, from the allocation; 0 = what a fresh allocation would take. */
export function programmedShares(
  farm: Farm,
  eff: EffectiveFarm,
  modulus: Readonly<Record<Family, number>>,
): Map<string, number> {
  return sharesOf(farm, eff, undefined, (members, family) => familyCounts(farm, members, modulus[family]));
}

function sharesOf(
  farm: Farm,
  eff: EffectiveFarm,
  only: Family | undefined,
  partsOf: (members: readonly Member[], family: Family) => readonly number[],
): Map<string, number> {
  const shares = new Map<string, number>();
  for (const family of families) {
    if (only !== undefined && only !== family) continue;
    const members = familyMembers(farm, eff, family);
    const parts = partsOf(members, family);
    const sum = parts.reduce((a, b) => a + b, 0);
    for (const [at, { backendId }] of members.entries()) {
      shares.set(backendId, sum === 0 ? 0 : ((parts[at] ?? 0) * 100) / sum);
    }
  }
  return shares;
}
