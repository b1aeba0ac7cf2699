import { expect, test } from "vitest";
import { sameValue } from "./same-value.ts";

test("plain data is the same when every part is", () => {
  const row = { at: 1, list: [{ a: null, b: 2 }], text: "x" };
  expect(sameValue(row, structuredClone(row))).toBe(true);
  for (const other of [{ ...row, at: 2 }, { ...row, list: [] }, { ...row, list: [{ a: 0, b: 2 }] }, { at: 1 }, null])
    expect(sameValue(row, other)).toBe(false);
});
