/** Farms that filter and that mark packets, one of each kind. */
import { testFarm } from "../farm/farm-fixture.ts";
import type { Farm } from "../farm/types.ts";

export function filterKinds(): Farm[] {
  const v6 = [{ address: "2001:db8::10", port: 80 }];
  const both = [{ address: "198.51.100.10", port: 80 }, ...v6];
  const addresses = ["192.0.2.21", "2001:db8:1::21"];
  return [
    testFarm(20, undefined, { policy: { deny: ["10.11.9.0/24", "203.0.113.7"] } }),
    testFarm(21, both, {
      addresses,
      policy: {
        allow: ["10.0.0.0/8", "192.0.2.100-192.0.2.120", "fd00::/8", "2001:db8:2::5-2001:db8:2::9"],
        deny: ["10.9.0.0/16", "10.7.7.7", "fd00:bad::/32"],
        newPerSecondPerSource: 200,
        connectionsPerSource: 100,
        synPerSecond: 5000,
        dropInvalid: true,
        logPerSecond: 5,
        dscp: "af21",
        priority: "1:10",
      },
    }),
    testFarm(22, v6, { addresses: ["2001:db8:1::22"], policy: { allow: ["10.0.0.0/8"], connectionsPerSource: 20 } }),
    testFarm(23, [{ address: "198.51.100.10", port: null }], {
      protocol: "udp",
      ports: ["5000-5009", 53],
      policy: { newPerSecondPerSource: 50, connectionsPerSource: 10, dropInvalid: true, dscp: 63 },
    }),
    testFarm(25, both, {
      addresses: ["192.0.2.25", "2001:db8:1::25"],
      ports: [80, "8000-8010"],
      policy: { synProxy: true, synPerSecond: 1000, dropInvalid: true },
    }),
    testFarm(24, undefined, { enabled: false, policy: { deny: ["0.0.0.0/0"], priority: "ff:1" } }),
  ];
}
