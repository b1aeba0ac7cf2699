/**
 * Who answers where: one element per VIP and port (svc) or port range (rng), or per VIP for all protocols (all). A stopped farm has
 * none; its chain stays.
 */
import { portRanges } from "../../farm/ports.ts";
import type { Family } from "../../farm/types.ts";
import type { ObjectName } from "../model.ts";
import { farmChain, type PartInput, type PartOutput } from "./part.ts";

export function dispatchPart(input: PartInput): PartOutput {
  return whereItAnswers(input, "f", { 4: ["svc4", "rng4", "all4"], 6: ["svc6", "rng6", "all6"] });
}

/** Before the dispatch: farms that filter, in maps of their own so that the others pay no look-up. */
export function guardDispatch(input: PartInput): PartOutput {
  return whereItAnswers(input, "guard", { 4: ["guard4", "grng4", "gall4"], 6: ["guard6", "grng6", "gall6"] });
}

/** Before connection tracking: farms that forward without it. They name their protocol. */
export function rawDispatch(input: PartInput): PartOutput {
  return whereItAnswers(input, "s", { 4: ["raw4", "rawr4", "all4"], 6: ["raw6", "rawr6", "all6"] });
}

/** Where frames arrive: farms with direct return. They name their protocol. */
export function directDispatch(input: PartInput): PartOutput {
  return whereItAnswers(input, "dsr", { 4: ["dsr4", "dsrr4", "all4"], 6: ["dsr6", "dsrr6", "all6"] });
}

type Maps = Readonly<Record<Family, readonly [exact: ObjectName, spans: ObjectName, all: ObjectName]>>;

const everyPort = { from: 0, to: 65_535 };

/** Each place the farm answers at, leading to its chain with that prefix. */
function whereItAnswers({ farm, own, families }: PartInput, prefix: string, maps: Maps): PartOutput {
  if (!farm.enabled) return [];
  const ranges = farm.ports.length === 0 ? [everyPort] : portRanges(farm.ports);
  return families.flatMap((family): PartOutput => {
    const exact = new Map<string, string>();
    const spans = new Map<string, string>();
    const verdict = `goto ${farmChain(own.number, family, prefix)}`;
    const addresses = farm.addresses.filter((address) => address.includes(":") === (family === 6));
    if (farm.protocol === "all") return [[maps[family][2], new Map(addresses.map((address) => [address, verdict]))]];
    for (const address of addresses) {
      for (const { from, to } of ranges) {
        const key = `${address} . ${farm.protocol} . `;
        if (from === to) exact.set(`${key}${from}`, verdict);
        else spans.set(`${key}${from}-${to}`, verdict);
      }
    }
    return [
      [maps[family][0], exact],
      [maps[family][1], spans],
    ];
  });
}
