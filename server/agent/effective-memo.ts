/** Effective weights of a farm, kept while farm, conditions and links stay the same objects: compile then gives the same Fragment. */
import { type EffectiveFarm, effective } from "../core/farm/effective.ts";
import { conditionsByLinks, type HostView, noHost } from "../core/farm/host-view.ts";
import type { Farm } from "../core/farm/types.ts";
import { type FarmConditions, noConditions } from "../core/health/condition.ts";

/** What the agent sees of backends and links now. Each map is replaced, never changed. */
export type Conditions = {
  of(farmId: string): FarmConditions;
  readonly host: HostView;
};

/** Nothing was measured, no link is known. */
export const nothingSeen: Conditions = { of: () => noConditions, host: noHost };

type Known = { readonly conditions: FarmConditions; readonly host: HostView; readonly eff: EffectiveFarm };

const known = new WeakMap<Farm, Known>();

/** The same object as long as it says the same: results of checks that change no weight cost no compilation. */
export function effectiveOf(farm: Farm, conditions: Conditions): EffectiveFarm {
  const own = conditions.of(farm.id);
  const host = farm.forwarding === "dsr" ? conditions.host : noHost;
  const held = known.get(farm);
  if (held !== undefined && held.conditions === own && held.host === host) return held.eff;
  const plain = effective(farm, conditionsByLinks(farm, own, host));
  const fresh = host === noHost ? plain : { ...plain, host };
  const eff = held !== undefined && held.host === host && isAlike(held.eff, fresh) ? held.eff : fresh;
  known.set(farm, { conditions: own, host, eff });
  return eff;
}

/** Of one farm object: its backends stand in one order. */
function isAlike(a: EffectiveFarm, b: EffectiveFarm): boolean {
  return (
    a.tier === b.tier &&
    a.backends.every((own, at) => {
      const other = b.backends[at];
      return own.weight === other?.weight && own.factor === other.factor && own.inMap === other.inMap;
    })
  );
}
