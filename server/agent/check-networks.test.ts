import { expect, test } from "vitest";
import { parseNetwork } from "../core/farm/networks.ts";
import { mayCheck, uncheckedText } from "./check-networks.ts";

const networks = ["10.0.0.0/8", "fd00::/8"].map((text) => {
  const network = parseNetwork(text);
  if (typeof network === "string") throw new Error(network);
  return network;
});

test.each([
  ["10.255.0.1", true],
  ["11.0.0.1", false],
  ["fd12::1", true],
  ["fe80::1", false],
  ["not an address", false],
])("%s may be checked: %s", (address, may) => {
  expect(mayCheck(networks, address)).toBe(may);
});

test("what is never checked is not checked without a bound either, and says why", () => {
  expect(mayCheck(null, "fd00:ec2::254")).toBe(false);
  expect(uncheckedText(null, ["192.0.2.1", "fd00:ec2::254"])).toBe(
    "fd00:ec2::254 is a metadata service: no probe asks there",
  );
});

test("without a bound every address may be checked; what is outside is named once and counted", () => {
  expect(mayCheck(null, "192.0.2.1")).toBe(true);
  expect(uncheckedText(null, ["192.0.2.1"])).toBeNull();
  expect(uncheckedText(networks, ["10.0.0.1"])).toBeNull();
  expect(uncheckedText(networks, ["192.0.2.1", "192.0.2.1", "192.0.2.2"])).toMatch(/^192\.0\.2\.1 and 1 more: outside/);
});
