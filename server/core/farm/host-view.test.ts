import { describe, expect, test } from "vitest";
import { effective } from "./effective.ts";
import { testFarm } from "./farm-fixture.ts";
import { conditionsByLinks, type HostView, linkTrouble, noHost } from "./host-view.ts";

const link = (last: number) => ({ mac: `02:00:00:00:00:0${last}`, device: "eth1" });
const host: HostView = {
  neighbours: new Map([
    ["198.51.100.10", link(1)],
    ["198.51.100.11", link(1)],
    ["198.51.100.13", { mac: "02:00:00:00:00:03", device: "gone" }],
  ]),
  macs: new Map([["eth1", "02:00:00:00:00:0a"]]),
  arrival: () => "eth0",
};
const addresses = [10, 11, 12, 13].map((last) => ({ address: `198.51.100.${last}`, port: null }));
const farm = testFarm(1, addresses, { forwarding: "dsr" });

describe("links of direct return", () => {
  test("say why a backend takes nothing: unknown, a device that is gone, another backend's machine", () => {
    const troubles = farm.backends.map((_, at) => linkTrouble(farm, at, host));
    expect(troubles[0]).toBeNull();
    expect(troubles[1]).toContain("has the hardware address of b-1");
    expect(troubles[2]).toContain("no hardware address is known for 198.51.100.12");
    expect(troubles[3]).toContain("no hardware address is known for 198.51.100.13");
  });

  test("take such a backend out like one that is down, and concern no other way of forwarding", () => {
    const weights = (of: typeof farm, view: HostView) =>
      effective(of, conditionsByLinks(of, new Map(), view)).backends.map(({ weight }) => weight);
    expect(weights(farm, host)).toEqual([100, 0, 0, 0]);
    expect(weights(farm, noHost)).toEqual([0, 0, 0, 0]);
    expect(weights({ ...farm, forwarding: "dnat" }, noHost)).toEqual([100, 100, 100, 100]);
  });
});
