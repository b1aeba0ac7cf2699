import { expect, test } from "vitest";
import { allowedUids } from "./callers.ts";

test("root, the agent's own uid and the configured ones may call", () => {
  expect([...allowedUids([1001, 1002], 64_801)].sort((a, b) => a - b)).toEqual([0, 1001, 1002, 64_801]);
});

test("65534, which a user namespace shows for everybody it does not know, never may", () => {
  expect(allowedUids([65_534], 65_534).has(65_534)).toBe(false);
});
