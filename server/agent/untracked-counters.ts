/**
 * Packets and bytes of farms that the kernel does not track: their own sets count by the backend's address, which such a farm has once.
 * Given by backend id, like all other counters. Two small listings a farm and family.
 */
import { memberKey } from "../core/allocation/allocation.ts";
import { type Counter, parseAddressCounters } from "../core/ruleset/listing.ts";
import { untrackedCounters } from "../core/ruleset/parts/stateless.ts";
import type { NftListing } from "./nft-listing.ts";
import type { State } from "./plan.ts";

export type UntrackedCounters = {
  readonly towards: ReadonlyMap<number, Counter>;
  readonly back: ReadonlyMap<number, Counter>;
};

/** A set that cannot be read leaves its backends out: their values are not known in this round. */
export async function readUntracked(listing: Pick<NftListing, "text">, state: State): Promise<UntrackedCounters> {
  const counters = { towards: new Map<number, Counter>(), back: new Map<number, Counter>() };
  for (const { farmId, objects, features } of state.ruleset.fragments.values()) {
    if (!features.includes("stateless")) continue;
    const ids = idsByAddress(state, farmId);
    for (const name of objects.keys()) {
      const into = directionOf(name);
      if (into === null) continue;
      const text = await listing.text("set", name);
      for (const [address, counter] of text === null ? [] : parseAddressCounters(text)) {
        const id = ids.get(address);
        if (id !== undefined) counters[into].set(id, counter);
      }
    }
  }
  return counters;
}

function directionOf(name: string): keyof UntrackedCounters | null {
  if (name.startsWith(`${untrackedCounters.towards}_`)) return "towards";
  return name.startsWith(`${untrackedCounters.back}_`) ? "back" : null;
}

function idsByAddress(state: State, farmId: string): ReadonlyMap<string, number> {
  const backends = state.desired.farms.get(farmId)?.farm.backends ?? [];
  const ids = state.allocation.farms.get(farmId)?.ids;
  return new Map(backends.map((backend) => [backend.address, ids?.get(memberKey(backend)) ?? 0]));
}
