import { expect, test } from "vitest";
import { gatesText } from "./gate-words.ts";

test("posts are told in words, those that serve first", () => {
  expect(gatesText(["up", "up", "down", "draining", "zero-weight"])).toBe("2 serving, 1 down, 1 draining, 1 weight 0");
  expect(gatesText([])).toBe("");
});
