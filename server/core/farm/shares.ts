/**
 * Shares of new connections in percent, 0..100, summing to 100 within a family that serves (0 everywhere in one that does not).
 * Planned = from effective weights; programmed = from the slots the kernel has, which by hashes are near the planned ones, not the same.
 */
import type { EffectiveFarm } from "./effective.ts";
import { familyCounts, familyMembers, schedulerWeight } from "./family-plan.ts";
import type { Family, Farm } from "./types.ts";

const families = [4, 6] as const;

/** Backends of the other family are left out when a family is named. */
export function plannedShares(farm: Farm, eff: EffectiveFarm, family?: Family): Map<string, number> {
  const shares = new Map<string, number>();
  for (const own of families) if (family === undefined || family === own) addPlanned(shares, farm, eff, own);
  return shares;
}

/** `modulus`: the slots in use of each family, from the allocation; 0 = what a fresh allocation would take. */
export function programmedShares(
  farm: Farm,
  eff: EffectiveFarm,
  modulus: Readonly<Record<Family, number>>,
): Map<string, number> {
  const shares = new Map<string, number>();
  for (const family of families) {
    const members = familyMembers(farm, eff, family);
    const counts = familyCounts(farm, members, modulus[family]);
    const sum = counts.reduce((a, b) => a + b, 0);
    for (const [at, { backendId }] of members.entries())
      shares.set(backendId, sum === 0 ? 0 : ((counts[at] ?? 0) * 100) / sum);
  }
  return shares;
}

/** Asked each second of each farm whose weights move: without a list between. */
function addPlanned(shares: Map<string, number>, farm: Farm, { backends }: EffectiveFarm, family: Family): void {
  let sum = 0;
  for (const backend of backends) if (backend.family === family) sum += schedulerWeight(farm, backend);
  for (const backend of backends) {
    if (backend.family !== family) continue;
    shares.set(backend.backendId, sum === 0 ? 0 : (schedulerWeight(farm, backend) * 100) / sum);
  }
}
