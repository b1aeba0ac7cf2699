import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testFarm, testId } from "./farm-fixture.ts";
import { listNamesOf, parseNamedList, referenceIssues } from "./named-list.ts";
import { formatNetwork, listNetworksSchema, networksMinus, networksOf } from "./networks.ts";
import { farmSchema } from "./schema.ts";

const list = { id: testId("farm", 1), name: "office", networks: ["10.0.0.0/8"] };

describe("a named list", () => {
  it("is canonical like a farm's own networks", () => {
    const parsed = parseNamedList({ ...list, networks: ["10.1.0.0/16", "10.0.0.0/16", "fd00::/8"] });
    expect(parsed).toEqual({ ok: true, value: { ...list, networks: ["10.0.0.0/15", "fd00::/8"], notes: "" } });
  });

  it.each<[string, string, object]>([
    ["an upper-case name", "name", { name: "Office" }],
    ["a network that is none, at its place", "networks[1]", { networks: ["10.0.0.0/8", "10.0.0.0/99"] }],
    ["another list in it", "networks[0]", { networks: ["@other"] }],
    ["an unknown field", "colour", { colour: "red" }],
    ["too many networks", "networks", { networks: Array(5001).fill("10.0.0.1") }],
  ])("is refused with %s", (_what, path, more) => {
    const parsed = parseNamedList({ ...list, ...more });
    expect(!parsed.ok && parsed.error.issues?.map((issue) => issue.path)).toEqual([path]);
  });
});

describe("a reference", () => {
  it("stands behind the networks, once, and belongs to no family", () => {
    const { policy } = testFarm(1, undefined, { policy: { deny: ["@b", "10.0.0.1", "@a", " @b "] } });
    expect(policy.deny).toEqual(["10.0.0.1", "@a", "@b"]);
    expect([networksOf(policy.deny, 4), networksOf(policy.deny, 6)]).toEqual([["10.0.0.1"], []]);
  });

  it.each(["@", "@Office", "@a b", "@-a", "@10.0.0.0/8", `@${"a".repeat(64)}`])(
    "%s is refused at its place",
    (entry) => {
      const parsed = farmSchema.safeParse({ ...testFarm(1), policy: { allow: ["10.0.0.0/8", entry] } });
      expect(parsed.error?.issues[0]?.path).toEqual(["policy", "allow", 1]);
    },
  );

  it("to a list that is not there is named with its path", () => {
    const farm = testFarm(1, undefined, { policy: { allow: ["10.0.0.0/8", "@gone"], deny: ["@here"] } });
    expect(listNamesOf(farm)).toEqual(["gone", "here"]);
    expect(referenceIssues(farm, (name) => name === "here")).toEqual([
      { path: "policy.allow[1]", message: "@gone: there is no list of this name" },
    ]);
  });
});

describe("what one list has and another has not", () => {
  const networks = fc
    .array(
      fc.record({ from: fc.integer({ min: 0, max: 300 }), size: fc.integer({ min: 0, max: 40 }), v6: fc.boolean() }),
      { maxLength: 12 },
    )
    .map((items) =>
      listNetworksSchema.parse(
        items.map(({ from, size, v6 }) => {
          const start = BigInt(from) + (v6 ? 0xfd00n << 112n : 0x0a000000n);
          return formatNetwork({ family: v6 ? 6 : 4, from: start, to: start + BigInt(size) });
        }),
      ),
    );

  it("and what both have, together, is the list again", () => {
    fc.assert(
      fc.property(networks, networks, (a, b) => {
        const onlyA = networksMinus(a, b);
        const shared = networksMinus(a, onlyA);
        expect(listNetworksSchema.parse([...onlyA, ...shared])).toEqual(a);
        expect(networksMinus(onlyA, b)).toEqual(onlyA);
        expect(networksMinus(shared, b)).toEqual([]);
      }),
    );
  });
});
