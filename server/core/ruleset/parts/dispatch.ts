/** Who answers where: one element per VIP and port (svc) or port range (rng). A stopped farm has none; its chain stays. */
import { portRanges } from "../../farm/ports.ts";
import { farmChain, type PartInput, type PartOutput } from "./part.ts";

const everyPort = { from: 0, to: 65_535 };

export function dispatchPart({ farm, own, families }: PartInput): PartOutput {
  if (!farm.enabled) return [];
  const ranges = farm.ports.length === 0 ? [everyPort] : portRanges(farm.ports);
  return families.flatMap((family): PartOutput => {
    const exact = new Map<string, string>();
    const spans = new Map<string, string>();
    const verdict = `goto ${farmChain(own.number, family)}`;
    for (const address of farm.addresses) {
      if (address.includes(":") !== (family === 6)) continue;
      for (const { from, to } of ranges) {
        const key = `${address} . ${farm.protocol} . `;
        if (from === to) exact.set(`${key}${from}`, verdict);
        else spans.set(`${key}${from}-${to}`, verdict);
      }
    }
    return [
      [family === 4 ? "svc4" : "svc6", exact],
      [family === 4 ? "rng4" : "rng6", spans],
    ];
  });
}
