/**
 * Packets and bytes of farms that the kernel does not track: their own sets count by the backend's address, with direct return by
 * its hardware address; such a farm has either once.
 * Given by backend id, like all other counters. Two small listings a farm and family.
 */
import { memberKey } from "../core/allocation/allocation.ts";
import type { HostView } from "../core/farm/host-view.ts";
import { parseAddressCounters } from "../core/ruleset/listing.ts";
import { directCounters } from "../core/ruleset/parts/dsr.ts";
import { untrackedCounters } from "../core/ruleset/parts/stateless.ts";
import { CounterTable } from "./counter-table.ts";
import type { NftListing } from "./nft-listing.ts";
import type { State } from "./plan.ts";

export type UntrackedCounters = {
  readonly towards: CounterTable;
  readonly back: CounterTable;
};

/** A set that cannot be read leaves its backends out: their values are not known in this round. */
export async function readUntracked(
  listing: Pick<NftListing, "text">,
  state: State,
  host: HostView,
): Promise<UntrackedCounters> {
  const counters = { towards: new CounterTable(), back: new CounterTable() };
  for (const { farmId, objects, features } of state.ruleset.fragments.values()) {
    if (!features.includes("stateless") && !features.includes("dsr")) continue;
    const ids = idsByKey(state, farmId, host);
    for (const name of objects.keys()) {
      const into = directionOf(name);
      if (into === null) continue;
      const text = await listing.text("set", name);
      for (const [address, counter] of text === null ? [] : parseAddressCounters(text)) {
        const id = ids.get(address);
        if (id !== undefined) counters[into].set(id, counter.packets, counter.bytes);
      }
    }
  }
  return counters;
}

function directionOf(name: string): keyof UntrackedCounters | null {
  if (name.startsWith(`${untrackedCounters.towards}_`) || name.startsWith(`${directCounters}_`)) return "towards";
  return name.startsWith(`${untrackedCounters.back}_`) ? "back" : null;
}

/** By address, and with direct return by hardware address. */
function idsByKey(state: State, farmId: string, host: HostView): ReadonlyMap<string, number> {
  const backends = state.desired.farms.get(farmId)?.farm.backends ?? [];
  const ids = state.allocation.farms.get(farmId)?.ids;
  return new Map(
    backends.flatMap((backend) => {
      const id = ids?.get(memberKey(backend)) ?? 0;
      const mac = host.neighbours.get(backend.address)?.mac;
      return mac === undefined
        ? [[backend.address, id] as const]
        : [[backend.address, id] as const, [`${mac}`, id] as const];
    }),
  );
}
