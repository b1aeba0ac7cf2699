/**
 * Effective weight: weight x AdminState x Health x tier, as DESIGN's table says. Pure; what the checks say arrives as an argument.
 * Invariant: a backend with weight > 0 here gets slots; `inMap` false takes it out of the address maps (sticky clients move).
 */
import { familyOf } from "./address.ts";
import type { HostView } from "./host-view.ts";
import type { Backend, Family, Farm, Health } from "./types.ts";

export type EffectiveBackend = {
  readonly backendId: string;
  readonly family: Family;
  /** 0..1000; 0 = no slots, takes no new connections */
  readonly weight: number;
  /** false for maintenance and down, and for drain where sticky clients shall move */
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

export function effective(farm: Farm, health: ReadonlyMap<string, Health>): EffectiveFarm {
  const tiers = new Map<Family, number>();
  for (const backend of farm.backends) {
    if (!mayServe(backend, health)) continue;
    const family = familyOf(backend.address);
    tiers.set(family, Math.min(backend.tier, tiers.get(family) ?? backend.tier));
  }
  return {
    farmId: farm.id,
    tier: tiers.size === 0 ? null : Math.max(...tiers.values()),
    backends: farm.backends.map((backend) => {
      const family = familyOf(backend.address);
      const serves = mayServe(backend, health) && backend.tier === tiers.get(family);
      return {
        backendId: backend.id,
        family,
        weight: serves ? backend.weight : 0,
        inMap: staysInMap(farm, backend) && health.get(backend.id) !== "down",
      };
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

function mayServe(backend: Backend, health: ReadonlyMap<string, Health>): boolean {
  return backend.weight > 0 && backend.adminState === "active" && health.get(backend.id) !== "down";
}
