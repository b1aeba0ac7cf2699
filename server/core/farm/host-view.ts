/**
 * What the rules need to know of the host's links, as the agent last saw them: an input like health. Only direct return uses it: it
 * writes the backend's hardware address into a frame and sends it out of a device, and takes frames in where the VIP's traffic arrives.
 */
import { type FarmConditions, withHealth } from "../health/condition.ts";
import type { Farm } from "./types.ts";

/** Hardware addresses as `02:00:00:00:00:01`. */
export type Link = { readonly mac: string; readonly device: string };

export type HostView = {
  /** address of a directly connected machine -> its hardware address and the device it is reached by */
  readonly neighbours: ReadonlyMap<string, Link>;
  /** device -> its own hardware address */
  readonly macs: ReadonlyMap<string, string>;
  /** device on which traffic for a VIP arrives; null = not known */
  readonly arrival: (vip: string) => string | null;
};

export const noHost: HostView = { neighbours: new Map(), macs: new Map(), arrival: () => null };

/** Where a backend's frames go, or null; `ownMac` is the address they are sent from. */
export function linkOf(host: HostView, address: string): (Link & { readonly ownMac: string }) | null {
  const link = host.neighbours.get(address);
  const ownMac = link === undefined ? undefined : host.macs.get(link.device);
  return link === undefined || ownMac === undefined ? null : { ...link, ownMac };
}

/** Why a backend of a farm with direct return takes nothing, in words; null when it may. Two backends need two machines. */
export function linkTrouble(farm: Farm, at: number, host: HostView): string | null {
  const backend = farm.backends[at];
  if (farm.forwarding !== "dsr" || backend === undefined) return null;
  const link = linkOf(host, backend.address);
  if (link === null)
    return `no hardware address is known for ${backend.address}: it does not answer, or is not on a directly connected network`;
  const twin = farm.backends
    .slice(0, at)
    .find(({ address }) => linkOf(host, address)?.mac === link.mac && family(address) === family(backend.address));
  return twin === undefined
    ? null
    : `${backend.address} has the hardware address of ${twin.name}: direct return cannot tell them apart`;
}

/** Conditions with what the links say: a backend that cannot be reached by its hardware address counts as down. */
export function conditionsByLinks(farm: Farm, conditions: FarmConditions, host: HostView): FarmConditions {
  if (farm.forwarding !== "dsr") return conditions;
  const out = farm.backends.filter((_, at) => linkTrouble(farm, at, host) !== null);
  return withHealth(conditions, new Map(out.map(({ id }) => [id, "down"])));
}

function family(address: string): 4 | 6 {
  return address.includes(":") ? 6 : 4;
}
