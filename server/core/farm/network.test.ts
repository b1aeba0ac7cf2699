import { describe, expect, it } from "vitest";
import { canonicalNetwork, maskText, networkHas, networksMeet, prefixOf } from "./network.ts";

describe("networks", () => {
  it.each([
    ["10.1.2.3", "10.1.2.3"],
    ["10.1.2.3/32", "10.1.2.3"],
    ["10.1.2.0/24", "10.1.2.0/24"],
    ["2001:DB8:0::/48", "2001:db8::/48"],
    ["2001:db8::1/128", "2001:db8::1"],
  ])("write %s as %s", (text, canonical) => {
    expect(canonicalNetwork(text)).toEqual({ ok: true, value: canonical });
  });

  it.each(["10.1.2.3/24", "10.0.0.0/33", "10.0.0.0/0", "10.0.0.0/", "10.0.0.0/8/8", "2001:db8::1/64", "shop", ""])(
    "refuse %j with a sentence",
    (text) => {
      const parsed = canonicalNetwork(text);
      expect(parsed.ok ? "" : parsed.error.length).toBeGreaterThan(10);
    },
  );

  it("meet when one holds the other, and only then", () => {
    expect(networksMeet("10.1.0.0/16", "10.1.2.3")).toBe(true);
    expect(networksMeet("10.1.0.0/16", "10.2.0.0/16")).toBe(false);
    expect(networksMeet("2001:db8::/32", "2001:db8:ffff::/48")).toBe(true);
    expect(networksMeet("10.0.0.0/8", "2001:db8::/32")).toBe(false);
    expect(networkHas("2001:db8::/64", "2001:db8::ffff")).toBe(true);
    expect(networkHas("2001:db8::/64", "2001:db8:0:1::1")).toBe(false);
  });

  it.each<[string, number, string]>([
    ["10.1.2.3", 24, "10.1.2.0"],
    ["10.1.2.3", 32, "10.1.2.3"],
    ["10.1.2.3", 1, "0.0.0.0"],
    ["2001:db8:1:2:3:4:5:6", 64, "2001:db8:1:2::"],
    ["2001:db8::5", 64, "2001:db8::"],
    ["2001:db8::1", 8, "2000::"],
    ["fd00:0:0:1::5", 64, "fd00:0:0:1::"],
  ])("have %s in a prefix of /%i as %s", (address, length, first) => {
    expect(prefixOf(address, length)).toBe(first);
  });

  it("are masked as nft writes masks", () => {
    expect(maskText(4, 24)).toBe("255.255.255.0");
    expect(maskText(6, 64)).toBe("ffff:ffff:ffff:ffff::");
    expect(maskText(6, 56)).toBe("ffff:ffff:ffff:ff00::");
    expect(maskText(6, 127)).toBe("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe");
  });
});
