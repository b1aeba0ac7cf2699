/**
 * Whose address a backend sees: with snat the backend's own source address, else the farm's, and where that is of another family or not
 * given the balancer's.
 * Backend addresses are members: a backend that calls its own VIP must come back through the balancer (hairpin).
 */

import { idMark, markText } from "../../allocation/marks.ts";
import { familyOf } from "../../farm/address.ts";
import type { PartInput, PartOutput } from "./part.ts";

export function sourcePart({ tag, farm, targets }: PartInput): PartOutput {
  if (farm.forwarding !== "snat") return [];
  const masq = new Map<string, string>();
  const snat = { 4: new Map<string, string>(), 6: new Map<string, string>() };
  for (const { id, backend, eff } of targets) {
    const key = markText(idMark(tag, id));
    const wanted = [backend.snatAddress, farm.snatAddress];
    const address = wanted.find((each) => each !== null && familyOf(each) === eff.family);
    if (address) snat[eff.family].set(key, address);
    else masq.set(key, "");
  }
  return [
    ["masq", masq],
    ["snat4", snat[4]],
    ["snat6", snat[6]],
  ];
}

export function memberAddresses({ targets }: PartInput, family: 4 | 6): string[] {
  const addresses = targets.filter(({ eff }) => eff.family === family).map(({ backend }) => backend.address);
  return [...new Set(addresses)].sort();
}
