/** Effective weights of a farm, kept while farm, health and links stay the same objects: compile then gives the same Fragment. */
import { type EffectiveFarm, effective } from "../core/farm/effective.ts";
import { type HostView, healthByLinks, noHost } from "../core/farm/host-view.ts";
import type { Farm, Health } from "../core/farm/types.ts";

export type HealthMap = ReadonlyMap<string, Health> & { readonly host?: HostView };

/** What the agent sees of backends and links now. */
export class Seen extends Map<string, Health> {
  host: HostView = noHost;
}

const known = new WeakMap<Farm, { readonly health: HealthMap; readonly host: HostView; readonly eff: EffectiveFarm }>();

export function effectiveOf(farm: Farm, health: HealthMap): EffectiveFarm {
  const host = farm.forwarding === "dsr" ? hostOf(health) : noHost;
  const held = known.get(farm);
  if (held !== undefined && held.health === health && held.host === host) return held.eff;
  const plain = effective(farm, healthByLinks(farm, health, host));
  const eff = host === noHost ? plain : { ...plain, host };
  known.set(farm, { health, host, eff });
  return eff;
}

export function hostOf(health: HealthMap): HostView {
  return health.host ?? noHost;
}
