import { describe, expect, it } from "vitest";
import { networksOf, networksSchema, parseNetwork } from "./networks.ts";

const parse = (...entries: string[]) => networksSchema.parse(entries);

describe("a list of clients", () => {
  it("takes addresses, prefixes and ranges of both families, IPv4 first", () => {
    expect(parse("2001:DB8::/32", "10.0.0.0/8", "192.0.2.1 - 192.0.2.9", "fd00:0::1", "198.51.100.7")).toEqual([
      "10.0.0.0/8",
      "192.0.2.1-192.0.2.9",
      "198.51.100.7",
      "2001:db8::/32",
      "fd00::1",
    ]);
  });

  it.each<[string[], string[]]>([
    [["10.0.0.0/9", "10.128.0.0/9"], ["10.0.0.0/8"]],
    [["10.1.0.0/16", "10.0.0.0/8"], ["10.0.0.0/8"]],
    [["10.0.0.1", "10.0.0.0"], ["10.0.0.0/31"]],
    [["10.0.0.1", "10.0.0.2"], ["10.0.0.1-10.0.0.2"]],
    [["10.0.0.1", "10.0.0.1/32"], ["10.0.0.1"]],
    [["10.0.0.0-10.0.0.255"], ["10.0.0.0/24"]],
    [["0.0.0.0-255.255.255.255"], ["0.0.0.0/0"]],
    [
      ["128.0.0.0/1", "0.0.0.0/1", "::/0"],
      ["0.0.0.0/0", "::/0"],
    ],
    [["fd00::2-fd00::5", "fd00::4-fd00::7"], ["fd00::2-fd00::7"]],
    [
      ["255.255.255.255", "::"],
      ["255.255.255.255", "::"],
    ],
  ])("merges %j into %j", (entries, canonical) => {
    expect(parse(...entries)).toEqual(canonical);
    expect(parse(...canonical)).toEqual(canonical);
  });

  it.each<[string, RegExp]>([
    ["10.0.0.5/8", /write 10\.0\.0\.0\/8/],
    ["10.0.0.0/33", /0 to 32 bits/],
    ["2001:db8::/129", /0 to 128 bits/],
    ["10.0.0.0/08", /0 to 32 bits/],
    ["10.0.0.9-10.0.0.1", /reversed/],
    ["10.0.0.1-fd00::1", /one family to the other/],
    ["10.0.0.1-x", /"x" is not an address/],
    ["::ffff:10.0.0.1", /write the IPv4 addresses/],
    ["1.2.3.4-1.2.3.5-1.2.3.6", /is not an address/],
    ["10.0.0", /is not an address/],
    ["", /is not an address/],
    ["10.0.0.1; drop", /is not an address/],
  ])("refuses %s with the reason", (entry, reason) => {
    expect(parseNetwork(entry)).toMatch(reason);
  });

  it("names the broken entry by its place", () => {
    const parsed = networksSchema.safeParse(["10.0.0.1", "nonsense"]);
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([[1]]);
  });

  it("gives one family's entries", () => {
    const list = parse("10.0.0.0/8", "fd00::/8");
    expect([networksOf(list, 4), networksOf(list, 6)]).toEqual([["10.0.0.0/8"], ["fd00::/8"]]);
  });
});
