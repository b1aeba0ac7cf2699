/** Farms of every protocol and every way of forwarding that leaves its own rules. */
import { testFarm } from "../farm/farm-fixture.ts";
import type { Farm } from "../farm/types.ts";

export function forwardingKinds(): Farm[] {
  const v4 = (port: number | null, more: object = {}) => [
    { address: "198.51.100.30", port, weight: 2, ...more },
    { address: "198.51.100.31", port },
  ];
  const v6 = (port: number | null) => [{ address: "2001:db8::30", port }];
  return [
    testFarm(50, v4(3868), { protocol: "sctp", ports: [3868, "4000-4003"] }),
    testFarm(51, [...v4(null), ...v6(null)], {
      protocol: "all",
      ports: [],
      addresses: ["192.0.2.51", "192.0.2.151", "2001:db8:1::51"],
    }),
    testFarm(52, [...v4(80, { snatAddress: "192.0.2.252" }), ...v6(80)], {
      addresses: ["192.0.2.52", "2001:db8:1::52"],
      forwarding: "snat",
      snatAddress: "192.0.2.253",
    }),
    testFarm(53, [...v4(8053, { port: null }), ...v6(53)], {
      addresses: ["192.0.2.53", "2001:db8:1::53"],
      forwarding: "stateless",
      protocol: "udp",
      ports: [53],
    }),
    testFarm(
      54,
      [
        { address: "198.51.100.40", port: null },
        { address: "198.51.100.41", port: null, weight: 0 },
      ],
      {
        forwarding: "stateless",
        protocol: "udp",
        ports: [69, "2000-2010"],
        scheduler: "random",
      },
    ),
    testFarm(55, [{ address: "198.51.100.50", weight: 0 }], { forwarding: "stateless", scheduler: "source-hash" }),
    testFarm(56, [{ address: "198.51.100.51" }], { forwarding: "stateless", protocol: "udp", enabled: false }),
  ];
}

/** Apart, because each has a thousand slots. */
export function hashedForwardingKinds(): Farm[] {
  // no two farms share a backend: without tracking, its answers can belong to one of them only
  const backends = (number: number) =>
    [`198.51.100.${number}`, `198.51.101.${number}`, `2001:db8::${number}`].map((address) => ({ address }));
  const farm = (number: number, more: object) =>
    testFarm(number, backends(number), {
      addresses: [`192.0.2.${number}`, `2001:db8:1::${number}`],
      forwarding: "stateless",
      ...more,
    });
  return [
    farm(57, { scheduler: "source-hash", hashFields: ["source-address", "source-port"] }),
    farm(58, { scheduler: "maglev", ports: [81] }),
    farm(59, { scheduler: "symmetric-hash", ports: [82] }),
  ];
}
