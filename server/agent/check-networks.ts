/** Which backends may be asked how they are: the host's owner bounds where our probes go. */
import { uncheckableAddress } from "../core/farm/check-address.ts";
import { isWithin, type Network } from "../core/farm/networks.ts";

/** null = no bound but that of addresses that are never checked */
export function mayCheck(networks: readonly Network[] | null, address: string): boolean {
  if (uncheckableAddress(address) !== null) return false;
  return networks === null || isWithin(networks, address);
}

/** A sentence about backends that are not asked, or null. */
export function uncheckedText(networks: readonly Network[] | null, addresses: readonly string[]): string | null {
  const never = [...new Set(addresses)].map(uncheckableAddress).find((text) => text !== null);
  if (never !== undefined) return `${never}: no probe asks there`;
  const outside = [...new Set(addresses)].filter((address) => !mayCheck(networks, address));
  const [first] = outside;
  if (first === undefined) return null;
  const more = outside.length > 1 ? ` and ${outside.length - 1} more` : "";
  return `${first}${more}: outside the networks that may be checked (checkNetworks in agent.yaml), so no probe asks there`;
}
