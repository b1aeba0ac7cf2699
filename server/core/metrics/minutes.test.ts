import fc from "fast-check";
import { expect, it } from "vitest";
import { combineCodes, decodeCode, encodeValue, unknownCode } from "./minutes.ts";

it("a value comes back to a thousandth, whole numbers to 2,048 exactly, in their order", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1e12, noNaN: true }), (value) => {
      expect(Math.abs(decodeCode(encodeValue(value)) - value) / value).toBeLessThan(0.001);
    }),
  );
  for (let whole = 0; whole <= 2048; whole++) expect(decodeCode(encodeValue(whole))).toBe(whole);
});

it("what was read is written as the same 16 bits again", () => {
  for (let code = 1024; code < unknownCode; code++) expect(encodeValue(decodeCode(code))).toBe(code);
});

it("not known stays not known and is never zero", () => {
  for (const value of [null, Number.NaN, Number.POSITIVE_INFINITY, -1, "7", undefined])
    expect(decodeCode(encodeValue(value))).toBeNaN();
  expect(combineCodes([unknownCode, unknownCode], "mean")).toBe(unknownCode);
});

it("an hour is the mean, the last or the most of what is known of its minutes", () => {
  const codes = [4, 8, null, 3].map(encodeValue);
  const of = (pick: "mean" | "last" | "max") => decodeCode(combineCodes(codes, pick));
  expect([of("mean"), of("last"), of("max")]).toEqual([5, 3, 8]);
});
