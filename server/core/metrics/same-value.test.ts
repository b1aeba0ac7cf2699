import { expect, test } from "vitest";
import { sameBut, sameValue } from "./same-value.ts";

test("plain data is the same when every part is", () => {
  const row = { at: 1, list: [{ a: null, b: 2 }], text: "x" };
  expect(sameValue(row, structuredClone(row))).toBe(true);
  for (const other of [{ ...row, at: 2 }, { ...row, list: [] }, { ...row, list: [{ a: 0, b: 2 }] }, { at: 1 }, null])
    expect(sameValue(row, other)).toBe(false);
});

test("all but one field are the same, whatever that one says", () => {
  const row: { at: number; text: string; more?: number } = { at: 1, text: "x" };
  expect(sameBut("at", row, { at: 2, text: "x" })).toBe(true);
  for (const other of [
    { at: 1, text: "y" },
    { at: 1, text: "x", more: 0 },
  ])
    expect([sameBut("at", row, other), sameBut("at", other, row)]).toEqual([false, false]);
});
