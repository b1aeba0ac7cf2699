import { describe, expect, test } from "vitest";
import { floatAt, nextIndex } from "./menu-keys.ts";

const labels = ["Drain", "Maintenance", "Cut", "Copy address"];

describe("keys of a menu", () => {
  test.each([
    ["ArrowDown", 0, 1],
    ["ArrowDown", 3, 0],
    ["ArrowUp", 0, 3],
    ["Home", 2, 0],
    ["End", 0, 3],
    ["c", 0, 2],
    ["c", 2, 3],
    ["C", 3, 2],
  ])("%s from %d leads to %d", (key, from, to) => {
    expect(nextIndex(labels, from, key)).toBe(to);
  });

  test("a letter no entry begins with, and other keys, lead nowhere", () => {
    expect(nextIndex(labels, 0, "z")).toBeNull();
    expect(nextIndex(labels, 0, "Enter")).toBeNull();
    expect(nextIndex([], -1, "ArrowDown")).toBeNull();
  });

  test("with nothing focused the arrow leads to the first", () => {
    expect(nextIndex(labels, -1, "ArrowDown")).toBe(0);
  });
});

describe("place of a floating box", () => {
  const view = { width: 400, height: 300 };
  test("under its anchor when there is room", () => {
    const at = floatAt({ left: 10, right: 30, top: 10, bottom: 30 }, { width: 100, height: 80 }, view);
    expect(at).toEqual({ left: 10, top: 34 });
  });

  test("never outside the window", () => {
    const at = floatAt({ left: 370, right: 390, top: 270, bottom: 290 }, { width: 100, height: 80 }, view);
    expect(at).toEqual({ left: 290, top: 186 });
  });
});
