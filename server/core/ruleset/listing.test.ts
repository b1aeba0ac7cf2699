import { describe, expect, it } from "vitest";
import { allocateFarm } from "../allocation/allocation.ts";
import { effective } from "../farm/effective.ts";
import { testFarm } from "../farm/farm-fixture.ts";
import { parseCounters, parseElements, parseTableListing } from "./listing.ts";
import type { ObjectName } from "./model.ts";
import { objects } from "./parts/skeleton.ts";
import { rebuildAllocation } from "./rebuild.ts";
import { flatten } from "./ruleset.ts";
import { built } from "./ruleset-fixture.ts";

const listing = (...items: unknown[]) => JSON.stringify({ nftables: [{ metainfo: {} }, ...items] });
const table = { table: { family: "inet", name: "sluice", handle: 1 } };
const ours = { family: "inet", table: "sluice" };

describe("parseCounters", () => {
  it("reads sets and maps, leaving marks of others out", () => {
    const counted = (val: number, packets: number) => ({ elem: { val, counter: { packets, bytes: packets * 100 } } });
    const set = listing({ set: { ...ours, name: "bin", elem: [counted(0x51000001, 3), counted(0x52000001, 9), 7] } });
    expect(parseCounters(set, 0x51)).toEqual({ ok: true, value: new Map([[1, { packets: 3, bytes: 300 }]]) });
    const map = listing({
      map: { ...ours, name: "be4", elem: [[counted(0x51000002, 5), { concat: ["10.0.0.1", 80] }]] },
    });
    expect(parseCounters(map, 0x51)).toEqual({ ok: true, value: new Map([[2, { packets: 5, bytes: 500 }]]) });
    expect(parseCounters(listing({ set: { ...ours, name: "bin" } }), 0x51)).toEqual({ ok: true, value: new Map() });
  });

  it.each(["", "{", "null", "[]", '{"nftables":{}}', listing()])(
    "answers %j with a failure, not with numbers",
    (text) => {
      expect(parseCounters(text, 0x51)).toMatchObject({ ok: false });
      expect(parseElements(text)).toMatchObject({ ok: false });
    },
  );
});

describe("parseElements", () => {
  it.each<[ObjectName, unknown, [string, string]]>([
    [
      "svc4",
      [{ concat: ["192.0.2.1", "tcp", 80] }, { goto: { target: "f_1_4" } }],
      ["192.0.2.1 . tcp . 80", "goto f_1_4"],
    ],
    // without /etc/protocols nft lists numbers
    [
      "svc4",
      [{ concat: ["192.0.2.1", 17, 53] }, { goto: { target: "f_1_4" } }],
      ["192.0.2.1 . udp . 53", "goto f_1_4"],
    ],
    [
      "rng6",
      [{ concat: ["2001:db8::1", "udp", { range: [0, 65_535] }] }, { goto: { target: "f_1_6" } }],
      ["2001:db8::1 . udp . 0-65535", "goto f_1_6"],
    ],
    ["slots", [3_506_438_144, 1_358_954_498], ["0xd1000000", "0x51000002"]],
    [
      "be4",
      [{ elem: { val: 1_358_954_497, counter: {} } }, { concat: ["10.0.0.1", 80] }],
      ["0x51000001", "10.0.0.1 . 80"],
    ],
    ["members4", "10.0.0.1", ["10.0.0.1", ""]],
    ["masq", 1_358_954_497, ["0x51000001", ""]],
  ])("writes an element of %s as compile does", (name, item, element) => {
    const { kind, type } = objects[name];
    const [key, map] = type.split(" : ");
    const parsed = parseElements(listing({ [kind]: { ...ours, name, type: key, map, elem: [item] } }));
    expect(parsed).toEqual({ ok: true, value: { object: name, elements: new Map([element]) } });
  });

  it("refuses elements it does not know", () => {
    expect(parseElements(listing({ map: { ...ours, name: "slots", elem: [[{ odd: 1 }, 2]] } }))).toMatchObject({
      ok: false,
    });
  });
});

describe("parseTableListing", () => {
  it("says when there is no table of ours", () => {
    expect(parseTableListing(listing(), 0x51)).toEqual({ ok: true, value: null });
    const other = listing({ table: { family: "inet", name: "other" } }, { table: { family: "ip", name: "sluice" } });
    expect(parseTableListing(other, 0x51)).toEqual({ ok: true, value: null });
  });

  it("names what is missing and what is foreign", () => {
    const parsed = parseTableListing(
      listing(
        table,
        { chain: { ...ours, name: "somebody" } },
        { set: { ...ours, name: "blocklist" } },
        { map: { ...ours, name: "slots", elem: [["odd", { what: 1 }]] } },
      ),
      0x51,
    );
    if (!parsed.ok || parsed.value === null) throw new Error("not parsed");
    expect(parsed.value.hasLayout).toBe(false);
    expect(parsed.value.foreign).toEqual([
      "chain somebody",
      "set or map blocklist",
      'element of slots: ["odd",{"what":1}]',
    ]);
    expect(parsed.value.missing).toContain("be4");
    expect(parsed.value.missing).toContain("dispatch");
    expect(parsed.value.missing).not.toContain("slots");
  });

  it("shows a farm rule it does not know as unknown, so that it differs from every rule of ours", () => {
    const parsed = parseTableListing(
      listing(
        table,
        { chain: { ...ours, name: "f_1_4" } },
        { rule: { ...ours, chain: "f_1_4", expr: [{ drop: null }] } },
      ),
      0x51,
    );
    if (!parsed.ok || parsed.value === null) throw new Error("not parsed");
    expect(parsed.value.flat.chains.get("f_1_4")).toEqual(['unknown: [{"drop":null}]']);
  });
});

describe("rebuildAllocation", () => {
  it("goes on above what the kernel has and retires every id there", () => {
    const rebuilt = rebuildAllocation(flatten(built([testFarm(1), testFarm(2)]).ruleset));
    expect(rebuilt).toMatchObject({ nextId: 5, nextFarmNumber: 3 });
    expect([...rebuilt.retired]).toEqual([1, 2, 3, 4]);
    const farm = testFarm(9);
    const next = allocateFarm(rebuilt, farm, effective(farm, new Map()));
    expect(next.ok && [...(next.value.farms.get(farm.id)?.ids.values() ?? [])]).toEqual([5, 6]);
  });
});
