import { describe, expect, it } from "vitest";
import { ok } from "../result.ts";
import { parseDocument, toDocument } from "./document.ts";
import { testFarm, testId } from "./farm-fixture.ts";
import { limits } from "./limits.ts";

function counter(): () => string {
  let next = 0;
  return () => testId("farm", 0xf000 + next++);
}

const written = (name: string, address: string, more: object = {}) => ({
  name,
  addresses: [address],
  protocol: "tcp",
  ports: [80],
  backends: [{ name: "web-1", address: "198.51.100.10" }],
  ...more,
});

describe("parseDocument", () => {
  it("gives new ids to what is new and keeps those of what has the same name", () => {
    const old = testFarm(1);
    const parsed = parseDocument(
      {
        farms: [
          written("farm-1", "192.0.2.1", {
            backends: [
              { name: "b-2", address: "198.51.100.77" },
              { name: "fresh", address: "198.51.100.78" },
            ],
          }),
          written("shop", "192.0.2.40", { id: null }),
        ],
      },
      counter(),
      { farms: [old] },
    );
    if (!parsed.ok) throw new Error(parsed.error.text);
    const [first, second] = parsed.value.farms;
    expect(first?.id).toBe(old.id);
    expect(first?.backends.map(({ id }) => id)).toEqual([old.backends[1]?.id, testId("farm", 0xf000)]);
    expect(second?.id).not.toBe(old.id);
  });

  it("follows an id through a new name, backends by name", () => {
    const old = testFarm(1);
    const parsed = parseDocument(
      {
        farms: [written("renamed", "192.0.2.1", { id: old.id, backends: [{ name: "b-1", address: "198.51.100.5" }] })],
      },
      counter(),
      { farms: [old] },
    );
    expect(parsed.ok && parsed.value.farms[0]).toMatchObject({ id: old.id, backends: [{ id: old.backends[0]?.id }] });
  });

  it("refuses a backend where another farm of the document answers, in whatever order they stand", () => {
    const inner = written("inner", "192.0.2.1");
    const outer = written("outer", "192.0.2.2", { backends: [{ name: "web-1", address: "192.0.2.1", port: 80 }] });
    for (const farms of [
      [inner, outer],
      [outer, inner],
    ]) {
      const parsed = parseDocument({ farms }, counter());
      expect(parsed.ok ? [] : parsed.error.issues).toEqual([
        {
          path: `farms[${farms.indexOf(outer)}].backends[0].address`,
          message: expect.stringContaining("Backend web-1 of farm outer is 192.0.2.1 tcp port 80, where farm inner"),
        },
      ]);
    }
  });

  it("reads back what it writes", () => {
    const farms = [testFarm(2), testFarm(1)];
    const parsed = parseDocument(JSON.parse(JSON.stringify(toDocument(farms))), counter());
    expect(parsed).toEqual(ok({ farms: [testFarm(1), testFarm(2)], lists: [] }));
  });

  it("carries the lists that farms refer to, and keeps the ids of those that have the same name", () => {
    const farm = testFarm(1, undefined, { policy: { allow: ["@office", "@other"] } });
    const office = { id: testId("farm", 77), name: "office", networks: ["10.0.0.0/8"], notes: "" };
    const other = { ...office, id: testId("farm", 78), name: "other" };
    const text = JSON.stringify(toDocument([farm], [office]));
    expect(parseDocument(JSON.parse(text), counter(), { lists: [other] })).toEqual(
      ok({ farms: [farm], lists: [office] }),
    );
    const written = { lists: [{ name: "office", networks: ["10.0.0.0/8"] }], farms: [] };
    expect(parseDocument(written, counter(), { lists: [office] })).toEqual(ok({ farms: [], lists: [office] }));
  });

  it.each<[string, string, unknown]>([
    [
      "a list that is not there",
      "farms[0].policy.deny[0]",
      { farms: [written("a", "192.0.2.1", { policy: { deny: ["@office"] } })] },
    ],
    [
      "a wrong network of a list",
      "lists[0].networks[1]",
      { lists: [{ name: "l", networks: ["::1", "x"] }], farms: [] },
    ],
    ["a list name twice", "lists[1].name", { lists: [{ name: "l" }, { name: "l" }], farms: [] }],
    ["no object", "", []],
    ["an unknown field beside farms", "version", { farms: [], version: 1 }],
    ["farms that are no list", "farms", { farms: {} }],
    ["a farm that is no object", "farms[0]", { farms: ["x"] }],
    [
      "a wrong address deep inside",
      "farms[1].backends[0].address",
      { farms: [written("a", "192.0.2.1"), written("b", "192.0.2.2", { backends: [{ name: "x", address: "host" }] })] },
    ],
    [
      "two farms at one place",
      "farms[1].addresses[0]",
      { farms: [written("a", "192.0.2.1"), written("b", "192.0.2.1")] },
    ],
    ["a farm name twice", "farms[1].name", { farms: [written("a", "192.0.2.1"), written("a", "192.0.2.2")] }],
    ["too many farms", "farms", { farms: Array(limits.farmsMax + 1).fill({}) }],
  ])("refuses %s with its path", (_what, path, input) => {
    const parsed = parseDocument(input, counter());
    expect(!parsed.ok && parsed.error.code).toBe("invalid");
    expect(!parsed.ok && parsed.error.issues?.[0]?.path).toBe(path);
  });
});
