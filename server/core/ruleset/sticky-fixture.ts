/** Farms that remember, pin, limit and have a sorry server, one of each kind. */
import { testFarm } from "../farm/farm-fixture.ts";
import type { Farm } from "../farm/types.ts";

export function stickyKinds(): Farm[] {
  const v6 = [
    { address: "2001:db8::10", port: 80 },
    { address: "2001:db8::11", port: 80 },
  ];
  const one = { address: "198.51.100.10", port: 80 };
  const other = { address: "198.51.100.11", port: 80 };
  const v4 = [one, other];
  const both = [...v4, ...v6];
  const addresses = ["192.0.2.40", "192.0.2.140", "2001:db8:1::40", "2001:db8:1::140"];
  return [
    testFarm(40, both, { addresses, persistence: {} }),
    testFarm(41, both, {
      addresses: ["192.0.2.41", "2001:db8:1::41"],
      ports: [80, 443],
      persistence: { timeoutS: 90, prefixV4: 24, prefixV6: 128 },
      drainSticky: "move",
    }),
    testFarm(42, both, {
      addresses: ["192.0.2.42", "192.0.2.142", "2001:db8:1::42", "2001:db8:1::142"],
      persistence: { by: "destination-address", prefixV6: 128, size: 512 },
    }),
    testFarm(43, v4, {
      pins: [
        { client: "10.1.2.3", backend: "b-1" },
        { client: "10.9.0.0/16", backend: "b-2" },
        { client: "10.8.0.1-10.8.0.9", backend: "b-2" },
      ],
    }),
    testFarm(44, [{ ...one, maxConnections: 10 }, { ...other, maxConnections: 250 }, ...v6], {
      addresses: ["192.0.2.44", "2001:db8:1::44"],
      persistence: { prefixV6: 128 },
      pins: [{ client: "2001:db8:2::/48", backend: "b-3" }],
      sorryServer: { address: "198.51.100.99", port: 8000 },
    }),
    testFarm(
      45,
      [
        { ...one, adminState: "drain" },
        { ...other, adminState: "maintenance" },
      ],
      {
        persistence: {},
        sorryServer: { address: "198.51.100.99", port: 8000 },
      },
    ),
    testFarm(
      46,
      [
        { ...one, adminState: "drain" },
        { ...other, weight: 0 },
      ],
      { persistence: {} },
    ),
    testFarm(47, [{ ...one, maxConnections: 3 }, other], {
      scheduler: "random",
      onAllDown: "drop",
      forwarding: "snat",
      sorryServer: { address: "198.51.100.99" },
    }),
    testFarm(48, [{ ...one, weight: 0 }], { sorryServer: { address: "198.51.100.99" } }),
  ];
}
