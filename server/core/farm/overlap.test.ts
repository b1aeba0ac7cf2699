import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testFarm, testId } from "./farm-fixture.ts";
import { OverlapIndex, overlaps } from "./overlap.ts";
import { portRanges } from "./ports.ts";
import type { Farm } from "./types.ts";

function pair(first: Readonly<Record<string, unknown>>, second: Readonly<Record<string, unknown>>): Farm[] {
  return [
    testFarm(1, undefined, { addresses: ["192.0.2.1"], ...first }),
    testFarm(2, undefined, { addresses: ["192.0.2.1"], ...second }),
  ];
}

describe("overlaps", () => {
  it.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]>([
    ["the same port", { ports: [80] }, { ports: [80] }],
    ["a port inside a range", { ports: [8005] }, { ports: ["8000-8010"] }],
    ["ranges that share an end", { ports: ["80-90"] }, { ports: ["90-100"] }],
    ["a port and every port", { ports: [80] }, { ports: [] }],
    ["every port twice", { ports: [] }, { ports: [] }],
    ["a port and every protocol", { ports: [80] }, { protocol: "all", ports: [] }],
    ["a farm that is disabled", { ports: [80], enabled: false }, { ports: [80] }],
    ["one of several addresses", { addresses: ["192.0.2.9", "192.0.2.1"] }, {}],
  ])("refuses %s, naming both farms", (_what, first, second) => {
    const issues = overlaps(pair(first, second));
    expect(issues).toHaveLength(1);
    expect(issues[0]?.path).toBe("farms[1].addresses[0]");
    expect(issues[0]?.message).toContain("farm-1");
    expect(issues[0]?.message).toContain("farm-2");
  });

  it.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]>([
    ["another port", { ports: [80] }, { ports: [81] }],
    ["another protocol", { protocol: "udp" }, {}],
    ["another address", { addresses: ["192.0.2.2"] }, {}],
    ["ranges side by side", { ports: ["80-89"] }, { ports: ["90-99"] }],
  ])("accepts %s", (_what, first, second) => {
    expect(overlaps(pair(first, second))).toEqual([]);
  });

  it("refuses a farm name twice", () => {
    const issues = overlaps([testFarm(1), testFarm(2, undefined, { name: "farm-1" })]);
    expect(issues).toEqual([{ path: "farms[1].name", message: "A farm named farm-1 exists already" }]);
  });
});

describe("OverlapIndex", () => {
  it("never holds a farm against itself", () => {
    const farm = testFarm(1);
    expect(
      OverlapIndex.empty()
        .with(farm)
        .check({ ...farm, ports: [80, 81] }),
    ).toEqual([]);
  });

  it("frees what a farm had when it changes or goes", () => {
    const farm = testFarm(1);
    const taken = testFarm(2, undefined, { addresses: farm.addresses, name: "other" });
    const index = OverlapIndex.empty().with(farm);
    expect(index.check(taken)).toHaveLength(1);
    expect(index.with({ ...farm, ports: [81] }).check(taken)).toEqual([]);
    expect(index.without(farm.id).check({ ...taken, name: farm.name })).toEqual([]);
    expect(index.check(taken)).toHaveLength(1);
  });

  it("frees a name only of the farm that carries it", () => {
    const index = OverlapIndex.empty()
      .with(testFarm(1))
      .with({ ...testFarm(1), name: "renamed" });
    expect(index.check(testFarm(3, undefined, { name: "farm-1" }))).toEqual([]);
    expect(index.check(testFarm(3, undefined, { name: "renamed" }))).toHaveLength(1);
  });

  it("agrees with comparing every port of every farm", () => {
    const port = fc.integer({ min: 1, max: 12 });
    const entry = fc.oneof(
      port,
      fc.tuple(port, port).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    );
    const farms = fc.array(
      fc.record({
        address: fc.constantFrom("192.0.2.1", "192.0.2.2"),
        protocol: fc.constantFrom("tcp", "udp", "all"),
        ports: fc.array(entry, { maxLength: 3 }),
      }),
      { minLength: 2, maxLength: 6 },
    );
    fc.assert(
      fc.property(farms, (list) => {
        const made = list.map(({ address, protocol, ports }, at) =>
          testFarm(at + 1, undefined, { id: testId("farm", at + 1), addresses: [address], protocol, ports }),
        );
        let index = OverlapIndex.empty();
        for (const farm of made) {
          const clash = made.slice(0, made.indexOf(farm)).some((other) => answersBoth(farm, other));
          expect(index.check(farm).length > 0).toBe(clash);
          index = index.with(farm);
        }
      }),
    );
  });
});

function answersBoth(a: Farm, b: Farm): boolean {
  if (a.addresses[0] !== b.addresses[0]) return false;
  if (a.protocol !== b.protocol && a.protocol !== "all" && b.protocol !== "all") return false;
  return portsOf(a).some((port) => portsOf(b).includes(port));
}

/** Ports 1 to 13 stand for all: 13 is only in "every port". */
function portsOf(farm: Farm): number[] {
  const every = farm.ports.length === 0 || farm.protocol === "all";
  const ranges = every ? [{ from: 1, to: 13 }] : portRanges(farm.ports);
  return ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, at) => from + at));
}

describe("places that answers come from", () => {
  const at = (port: number | null) => [{ address: "198.51.100.10", port }];
  const stateless = (number: number, more: object = {}) =>
    testFarm(number, at(80), { forwarding: "stateless", scheduler: "source-hash", ...more });
  const issuesOf = (one: Farm, other: Farm) => OverlapIndex.empty().with(one).check(other);

  it("of a farm without tracking serve no other farm, whichever comes first", () => {
    const path = "backends[0].address";
    const tracked = testFarm(2, at(null), { ports: [80, 443] });
    expect(issuesOf(stateless(1), tracked)).toMatchObject([{ path }]);
    expect(issuesOf(tracked, stateless(1))).toMatchObject([{ path }]);
    expect(issuesOf(stateless(1), stateless(2))).toMatchObject([{ path }]);
    const whole = testFarm(2, at(null), { protocol: "all", ports: [] });
    expect(issuesOf(whole, stateless(1))[0]?.message).toContain("serves farm farm-2 at the same port");
  });

  it("are free again when their farm goes or moves", () => {
    const tracked = testFarm(3, at(null), { ports: [80, 443] });
    const index = OverlapIndex.empty().with(tracked).with(stateless(1));
    expect(index.check(stateless(2))).toHaveLength(2);
    expect(index.without(tracked.id).check(stateless(2))).toHaveLength(1);
    expect(index.without(stateless(1).id).without(tracked.id).check(stateless(2))).toEqual([]);
    const elsewhere = testFarm(1, [{ address: "198.51.100.99" }], { forwarding: "stateless" });
    expect(index.with(elsewhere).without(tracked.id).check(stateless(2))).toEqual([]);
  });

  it("are looked up: the backends of one farm are not read again for every other", () => {
    let reads = 0;
    let index = OverlapIndex.empty();
    for (let number = 1; number <= 400; number++) {
      const place = `${number >> 8}.${number & 255}`;
      const more = { addresses: [`10.1.${place}`], forwarding: "stateless", scheduler: "source-hash" };
      const { backends, ...rest } = testFarm(number, [{ address: `10.2.${place}` }], more);
      const farm = {
        ...rest,
        get backends() {
          reads++;
          return backends;
        },
      };
      expect(index.check(farm)).toEqual([]);
      index = index.with(farm);
    }
    expect(reads).toBeLessThan(400 * 10);
  });

  it("may be shared at another port, by another protocol, or with farms whose answers never pass here", () => {
    expect(issuesOf(stateless(1), testFarm(2, at(81)))).toEqual([]);
    expect(issuesOf(stateless(1), testFarm(2, at(80), { protocol: "udp", ports: [80] }))).toEqual([]);
    expect(issuesOf(stateless(1), testFarm(2, at(null), { forwarding: "dsr" }))).toEqual([]);
    expect(issuesOf(stateless(1), stateless(1))).toEqual([]);
    expect(issuesOf(testFarm(1, at(80)), testFarm(2, at(80)))).toEqual([]);
  });
});
