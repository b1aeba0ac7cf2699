/** Farms of every scheduler that hashes, in the ways they can be written; apart from the others, because each has a thousand slots. */
import { testFarm } from "../farm/farm-fixture.ts";
import type { Farm } from "../farm/types.ts";

export function hashKinds(): Farm[] {
  const both = [
    { address: "198.51.100.10", weight: 100 },
    { address: "198.51.100.11", weight: 50 },
    { address: "2001:db8::10", weight: 30 },
    { address: "2001:db8::11", weight: 20 },
  ];
  const farm = (number: number, more: Readonly<Record<string, unknown>>) =>
    testFarm(number, both, { addresses: [`192.0.2.${number}`, `2001:db8:1::${number}`], ...more });
  return [
    farm(1, { scheduler: "source-hash" }),
    farm(2, { scheduler: "source-hash", hashFields: ["source-port", "source-address"] }),
    farm(3, { scheduler: "source-hash", hashFields: ["source-port"], protocol: "udp", ports: [53] }),
    farm(4, { scheduler: "symmetric-hash" }),
    farm(5, { scheduler: "maglev" }),
    farm(6, { scheduler: "maglev", hashFields: ["source-address", "source-port"] }),
  ];
}
