import { expect, test } from "vitest";
import { parseGeneration } from "./netlink.ts";

/** An answer as kernel 6.18 gave it: generation 2, then the pid and name of the asker. */
const answer = Buffer.from(
  "300000000f0a000007000000e727000000000002080001000000000208000200000027e7090003006e6f646500000000",
  "hex",
);

test("the generation is read from the answer to our own question", () => {
  expect(parseGeneration(answer, 7)).toBe(2);
});

test("an answer to another question, of another kind, or cut short is no generation", () => {
  expect(parseGeneration(answer, 8)).toBeNull();
  expect(parseGeneration(Buffer.from(answer).fill(0, 4, 6), 7)).toBeNull();
  for (let length = 0; length < 24; length++) expect(parseGeneration(answer.subarray(0, length), 7)).toBeNull();
});
