/**
 * Element counters, once a second. New connections come from the address maps (be4, ba4, be6, ba6), packets and bytes towards the
 * backends from bin, back from bout; of farms without tracking from their own sets. Each reading carries the time of its own listing. A
 * map without members is not listed.
 */
import type { HostView } from "../core/farm/host-view.ts";
import type { ObjectName, Ruleset } from "../core/ruleset/model.ts";
import { CounterTable } from "./counter-table.ts";
import type { NftListing } from "./nft-listing.ts";
import type { State } from "./plan.ts";
import { readUntracked } from "./untracked-counters.ts";

export type Readings = { readonly atMs: number; readonly byId: CounterTable };

/** null = that listing failed: its values are not known in this round */
export type CounterRound = {
  readonly atMs: number;
  readonly fresh: Readings | null;
  readonly towards: Readings | null;
  readonly back: Readings | null;
  /** what filters turned away, by turnedNumber; read only while a farm filters */
  readonly turned: Readings | null;
};

export type CounterDeps = {
  readonly listing: Pick<NftListing, "counters" | "text">;
  readonly now: () => number;
  /** the links of direct return */
  readonly host: () => HostView;
};

const addressMaps = ["be4", "ba4", "be6", "ba6"] as const;
type AddressMap = (typeof addressMaps)[number];

export function createCounters({ listing, now, host }: CounterDeps): { read(state: State): Promise<CounterRound> } {
  async function list(name: ObjectName): Promise<Readings | null> {
    const byId = await listing.counters(name);
    return byId === null ? null : { atMs: now(), byId };
  }

  async function listAddressMaps(ruleset: Ruleset): Promise<Readings | null> {
    const all: Readings[] = [];
    for (const name of usedMaps(ruleset)) {
      const readings = await list(name);
      if (readings === null) return null;
      all.push(readings);
    }
    const [only] = all;
    if (only !== undefined && all.length === 1) return only;
    const whole = new CounterTable();
    for (const { byId } of all) whole.add(byId);
    return { atMs: all.at(-1)?.atMs ?? now(), byId: whole };
  }

  return {
    async read(state) {
      const { ruleset } = state;
      if (ruleset.fragments.size === 0) return { atMs: now(), fresh: null, towards: null, back: null, turned: null };
      const fresh = await listAddressMaps(ruleset);
      const towards = await list("bin");
      const back = await list("bout");
      const turned = turnsAway(ruleset) ? await list("turned") : null;
      const untracked = await readUntracked(listing, state, host());
      return {
        atMs: now(),
        fresh,
        towards: withMore(towards, untracked.towards),
        back: withMore(back, untracked.back),
        turned,
      };
    },
  };
}

/** Of this round's own listing. */
function withMore(readings: Readings | null, more: CounterTable): Readings | null {
  readings?.byId.add(more);
  return readings;
}

/** Filters have their hook; limits of backends have a set of those that are full. */
function turnsAway(ruleset: Ruleset): boolean {
  if (ruleset.features.has("guard")) return true;
  for (const { objects } of ruleset.fragments.values())
    for (const name of objects.keys()) if (name.startsWith("d_full_")) return true;
  return false;
}

function usedMaps(ruleset: Ruleset): AddressMap[] {
  const used = new Set<AddressMap>();
  for (const fragment of ruleset.fragments.values()) {
    for (const name of addressMaps) if ((fragment.elements.get(name)?.size ?? 0) > 0) used.add(name);
    if (used.size === addressMaps.length) break;
  }
  return addressMaps.filter((name) => used.has(name));
}
