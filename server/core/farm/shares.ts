/**
 * Shares of new connections in percent, 0..100, summing to 100 within a family that serves (0 everywhere in one that does not).
 * Planned = from effective weights; programmed = from the slots the kernel has.
 */
import { slotPlan } from "./apportion.ts";
import type { EffectiveBackend, EffectiveFarm } from "./effective.ts";
import type { Family, Farm } from "./types.ts";

const families = [4, 6] as const;

/** What the scheduler goes by: every serving backend once for round-robin, else its weight. */
export function schedulerWeight(farm: Pick<Farm, "scheduler">, backend: EffectiveBackend): number {
  if (backend.weight === 0) return 0;
  return farm.scheduler === "round-robin" ? 1 : backend.weight;
}

/** Backends of the other family are left out when a family is named. */
export function plannedShares(farm: Farm, eff: EffectiveFarm, family?: Family): Map<string, number> {
  return sharesOf(eff, family, (backends) => backends.map((backend) => schedulerWeight(farm, backend)));
}

/** `modulus`: the slots in use of each family, from the allocation; 0 = what a fresh allocation would take. */
export function programmedShares(
  farm: Farm,
  eff: EffectiveFarm,
  modulus: Readonly<Record<Family, number>>,
): Map<string, number> {
  return sharesOf(eff, undefined, (backends, family) => {
    const weights = backends.map((backend) => schedulerWeight(farm, backend));
    return slotPlan(weights, modulus[family]).counts;
  });
}

function sharesOf(
  eff: EffectiveFarm,
  only: Family | undefined,
  partsOf: (backends: readonly EffectiveBackend[], family: Family) => readonly number[],
): Map<string, number> {
  const shares = new Map<string, number>();
  for (const family of families) {
    if (only !== undefined && only !== family) continue;
    const backends = eff.backends.filter((backend) => backend.family === family);
    const parts = partsOf(backends, family);
    const sum = parts.reduce((a, b) => a + b, 0);
    for (const [at, backend] of backends.entries()) {
      shares.set(backend.backendId, sum === 0 ? 0 : ((parts[at] ?? 0) * 100) / sum);
    }
  }
  return shares;
}
