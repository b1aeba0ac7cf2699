import { describe, expect, it } from "vitest";
import { effective, sorryFamily } from "./effective.ts";
import { testFarm } from "./farm-fixture.ts";
import { maskText, prefixOf, rememberedBy } from "./persistence.ts";
import { pinOf } from "./pins.ts";
import { farmIssues, parseFarm } from "./validate.ts";

const v6 = [{ address: "2001:db8::10" }];

function pathsOf(more: Readonly<Record<string, unknown>>, backends = testFarm(1).backends): string[] {
  return farmIssues(testFarm(1, backends, more)).map(({ path }) => path);
}

describe("what cannot work is refused, naming the field", () => {
  it.each<[string, string, Readonly<Record<string, unknown>>]>([
    ["destinations with one address", "persistence.by", { persistence: { by: "destination-address" } }],
    [
      "destinations that one prefix holds",
      "persistence.prefixV4",
      { addresses: ["192.0.2.1", "192.0.2.2"], persistence: { by: "destination-address", prefixV4: 24 } },
    ],
    ["a sorry server of another family", "sorryServer.address", { sorryServer: { address: "2001:db8::99" } }],
    ["the farm as its own sorry server", "sorryServer.address", { sorryServer: { address: "192.0.2.1" } }],
    ["a pin to nobody", "pins[0].backend", { pins: [{ client: "10.0.0.1", backend: "b-9" }] }],
    ["a pin of another family", "pins[0].client", { pins: [{ client: "2001:db8::/64", backend: "b-1" }] }],
    [
      "pins that contradict each other",
      "pins[1].client",
      {
        pins: [
          { client: "10.0.0.0/8", backend: "b-1" },
          { client: "10.1.2.3", backend: "b-2" },
        ],
      },
    ],
  ])("%s", (_what, path, more) => {
    expect(pathsOf(more)).toEqual([path]);
  });

  it("destinations of IPv6 by the prefix that clients are remembered by, where one holds them all", () => {
    const by = { by: "destination-address" };
    const addresses = ["2001:db8:1::1", "2001:db8:1::2"];
    expect(pathsOf({ addresses, persistence: by }, testFarm(1, v6).backends)).toEqual(["persistence.prefixV6"]);
    expect(pathsOf({ addresses, persistence: { ...by, prefixV6: 128 } }, testFarm(1, v6).backends)).toEqual([]);
    const apart = ["2001:db8:1::1", "2001:db8:2::1"];
    expect(pathsOf({ addresses: apart, persistence: by }, testFarm(1, v6).backends)).toEqual([]);
  });

  it("stickiness, pins, limits and a sorry server where connections are not tracked", () => {
    const backends = testFarm(1).backends.map((backend) => ({ ...backend, maxConnections: 5 }));
    const more = { forwarding: "stateless", persistence: {}, pins: [{ client: "10.0.0.1", backend: "b-1" }] };
    const paths = pathsOf({ ...more, scheduler: "source-hash", sorryServer: { address: "198.51.100.9" } }, backends);
    expect(paths).toEqual(expect.arrayContaining(["persistence", "pins", "sorryServer", "backends[0].maxConnections"]));
  });

  it.each([
    ["persistence.timeoutS", { persistence: { timeoutS: 0 } }],
    ["persistence.prefixV4", { persistence: { prefixV4: 33 } }],
    ["persistence.size", { persistence: { size: 2_000_000 } }],
    ["pins[0].client", { pins: [{ client: "10.1.2.3/24", backend: "b-1" }] }],
  ])("a value out of bounds: %s", (path, more) => {
    const parsed = parseFarm({ ...testFarm(1), ...more });
    expect(!parsed.ok && parsed.error.issues?.map((issue) => issue.path)).toEqual([path]);
  });
});

describe("what is remembered", () => {
  it("stands in the shared map for whole IPv4 addresses, else in a map of the farm's own", () => {
    const { persistence } = testFarm(1, undefined, { persistence: { prefixV6: 128 } });
    if (persistence === null) throw new Error("no persistence");
    expect(rememberedBy(persistence, 4).ownSize).toBe(null);
    expect(rememberedBy(persistence, 6).ownSize).toBe(65_536);
    expect(rememberedBy({ ...persistence, prefixV4: 24 }, 4).ownSize).toBe(65_536);
    expect(rememberedBy({ ...persistence, size: 7 }, 4).ownSize).toBe(7);
  });

  it.each<[string, number, string]>([
    ["10.1.2.3", 24, "10.1.2.0"],
    ["10.1.2.3", 32, "10.1.2.3"],
    ["2001:db8:1:2:3:4:5:6", 64, "2001:db8:1:2::"],
  ])("%s by /%i is %s", (address, length, key) => {
    expect(prefixOf(address, length)).toBe(key);
  });

  it("is masked as nft writes it", () => {
    expect([maskText(4, 24), maskText(6, 56)]).toEqual(["255.255.255.0", "ffff:ffff:ffff:ff00::"]);
  });

  it("is left by drained backends only where clients shall move", () => {
    const drained = [{ address: "198.51.100.10", adminState: "drain" }];
    const inMap = (drainSticky: string) =>
      effective(testFarm(1, drained, { drainSticky }), new Map()).backends.map((backend) => backend.inMap);
    expect([inMap("stay"), inMap("move")]).toEqual([[true], [false]]);
  });
});

describe("pins", () => {
  it("hold addresses, prefixes and ranges", () => {
    const { pins } = testFarm(1, undefined, {
      pins: [
        { client: "10.1.0.0/16", backend: "b-1" },
        { client: "10.2.0.5-10.2.0.9", backend: "b-2" },
      ],
    });
    expect(["10.1.9.9", "10.2.0.7", "10.2.0.10"].map((client) => pinOf(pins, client)?.backend)).toEqual([
      "b-1",
      "b-2",
      undefined,
    ]);
  });
});

describe("the sorry server", () => {
  it("answers only for its family, and only while nobody of it serves", () => {
    const more = { addresses: ["192.0.2.1", "2001:db8:1::1"], sorryServer: { address: "198.51.100.9" } };
    const farmWith = (weight: number) => testFarm(1, [{ address: "198.51.100.10", weight }, ...v6], more);
    const familyOf = (weight: number) => sorryFamily(farmWith(weight), effective(farmWith(weight), new Map()));
    expect([familyOf(1), familyOf(0)]).toEqual([null, 4]);
  });
});
