/** Named lists, and farms that refer to them. */
import { testFarm, testId } from "../farm/farm-fixture.ts";
import type { NamedList } from "../farm/named-list.ts";
import type { Farm } from "../farm/types.ts";

export const fixtureLists: readonly NamedList[] = [
  list(1, "office", ["10.0.0.0/8", "192.0.2.5-192.0.2.9", "fd00::/8"]),
  list(2, "guests", ["203.0.113.7"]),
  list(3, "nobody", []),
];

export function listKinds(): Farm[] {
  const v4 = [{ address: "198.51.100.10", port: 80 }];
  const both = [...v4, { address: "2001:db8::10", port: 80 }];
  return [
    testFarm(61, v4, { policy: { deny: ["@office", "172.16.0.0/12"], logPerSecond: 2 } }),
    testFarm(62, both, {
      addresses: ["192.0.2.62", "2001:db8:1::62"],
      policy: { allow: ["@office", "@nobody", "198.18.0.0/15"], deny: ["@guests"] },
    }),
  ];
}

function list(number: number, name: string, networks: string[]): NamedList {
  return { id: testId("farm", 7000 + number), name, networks, notes: "" };
}
