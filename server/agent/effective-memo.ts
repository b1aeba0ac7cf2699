/** Effective weights of a farm, kept while farm and health stay the same objects: compile then gives the same Fragment. */
import { type EffectiveFarm, effective } from "../core/farm/effective.ts";
import type { Farm, Health } from "../core/farm/types.ts";

export type HealthMap = ReadonlyMap<string, Health>;

const known = new WeakMap<Farm, { readonly health: HealthMap; readonly eff: EffectiveFarm }>();

export function effectiveOf(farm: Farm, health: HealthMap): EffectiveFarm {
  const held = known.get(farm);
  if (held !== undefined && held.health === health) return held.eff;
  const eff = effective(farm, health);
  known.set(farm, { health, eff });
  return eff;
}
