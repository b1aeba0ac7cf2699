/**
 * How full the maps are in which clients are remembered. Counted rarely: the kernel tells a map's number of entries in microseconds where
 * it can (6.17 on), else the map is listed, less often the longer that takes. Told once near full, and again only after it was well
 * below: a full map forgets nobody, but newcomers are not remembered.
 */
import { rememberedBy } from "../core/farm/persistence.ts";
import type { Farm } from "../core/farm/types.ts";
import type { MapFill } from "../core/metrics/live.ts";
import { ownStickyMap, sharedSticky } from "../core/ruleset/parts/persistence.ts";
import { stickySizeMax } from "../core/ruleset/parts/skeleton.ts";
import type { Events } from "./events.ts";
import type { State } from "./plan.ts";

export type StickyFillDeps = {
  readonly state: () => State;
  /** entries of a map of our table; null = could not be told */
  readonly count: (map: string) => Promise<number | null>;
  readonly events: Pick<Events, "add">;
};

export type StickyFill = {
  /** counts every map in use once */
  round(): Promise<void>;
  /** the fuller of a farm's own maps; null = it has none, or it was not counted yet */
  ofFarm(farmId: string): MapFill | null;
  /** the map that farms share; null = nobody uses it, or it was not counted yet */
  shared(): MapFill | null;
};

const nearPct = 90;
/** below this the next time near full is told again */
const clearPct = 80;

type Watched = { readonly map: string; readonly max: number; readonly farm: Farm | null };

export function createStickyFill({ state, count, events }: StickyFillDeps): StickyFill {
  let fills: ReadonlyMap<string, MapFill> = new Map();
  let byFarm: ReadonlyMap<string, MapFill> = new Map();
  let near: ReadonlySet<string> = new Set();

  function judge({ max, farm }: Watched, used: number, wasNear: boolean): boolean {
    const pct = (used * 100) / max;
    if (pct >= nearPct && !wasNear) {
      const whose = farm === null ? "shared by farms without a map of their own" : `of farm ${farm.name}`;
      const text = `The map of remembered clients ${whose} is ${Math.floor(pct)} % full (${used.toLocaleString("en")} of ${max.toLocaleString("en")}): when it is full, new clients are served but not remembered`;
      events.add({ kind: "limit", text, farmId: farm?.id ?? null });
    }
    return pct >= (wasNear ? clearPct : nearPct);
  }

  return {
    async round() {
      const next = new Map<string, MapFill>();
      const farms = new Map<string, MapFill>();
      const nowNear = new Set<string>();
      for (const watched of watchedMaps(state())) {
        const { map, max, farm } = watched;
        const used = await count(map);
        if (used === null) {
          if (near.has(map)) nowNear.add(map);
          continue;
        }
        const fill = { used, max };
        next.set(map, fill);
        if (judge(watched, used, near.has(map))) nowNear.add(map);
        if (farm !== null) farms.set(farm.id, fuller(farms.get(farm.id), fill));
      }
      fills = next;
      byFarm = farms;
      near = nowNear;
    },
    ofFarm: (farmId) => byFarm.get(farmId) ?? null,
    shared: () => fills.get(sharedSticky) ?? null,
  };
}

function watchedMaps({ desired, allocation }: State): Watched[] {
  const own: Watched[] = [];
  let isSharedUsed = false;
  for (const { farm } of desired.farms.values()) {
    const allocated = allocation.farms.get(farm.id);
    if (farm.persistence === null || allocated === undefined) continue;
    for (const family of [4, 6] as const) {
      if (!farm.addresses.some((address) => address.includes(":") === (family === 6))) continue;
      const map = ownStickyMap({ farm, own: allocated }, family);
      const max = rememberedBy(farm.persistence, family).ownSize;
      if (map === null || max === null) isSharedUsed = true;
      else own.push({ map: map[0], max, farm });
    }
  }
  return isSharedUsed ? [{ map: sharedSticky, max: stickySizeMax, farm: null }, ...own] : own;
}

function fuller(a: MapFill | undefined, b: MapFill): MapFill {
  return a !== undefined && a.used / a.max > b.used / b.max ? a : b;
}
