import { expect, test } from "vitest";
import { answerIn, chainQuestion, generationIn, writeIn } from "./netlink-messages.ts";

/** An answer as kernel 6.18 gave it: generation 2, then the pid and name of the asker. */
const answer = Buffer.from(
  "300000000f0a000007000000e727000000000002080001000000000208000200000027e7090003006e6f646500000000",
  "hex",
);

test("the generation is read from the answer to our own question", () => {
  expect(generationIn(answer, 7)).toBe(2);
});

test("an answer to another question, of another kind, or cut short is no generation", () => {
  expect(generationIn(answer, 8)).toBeNull();
  expect(generationIn(Buffer.from(answer).fill(0, 4, 6), 7)).toBeNull();
  for (let length = 0; length < 28; length++) expect(generationIn(answer.subarray(0, length), 7)).toBeNull();
});

test("a notification names the process that wrote, in plain characters only", () => {
  expect(writeIn(answer)).toEqual({ generation: 2, pid: 0x27e7, name: "node" });
  const odd = Buffer.from(answer);
  odd.set(Buffer.from("n;\n\0", "latin1"), 40);
  expect(writeIn(odd)?.name).toBe("n??");
});

test("a chain is there, is not there, or was not what was answered", () => {
  const found = Buffer.from(chainQuestion(9, "sluice", "layout_1"));
  found.writeUInt16LE((10 << 8) | 3, 4);
  expect(answerIn(found, 9)).toBe(true);
  const error = Buffer.alloc(36);
  error.writeUInt16LE(2, 4);
  error.writeUInt32LE(9, 8);
  error.writeInt32LE(-2, 16);
  expect(answerIn(error, 9)).toBe(false);
  error.writeInt32LE(-1, 16);
  expect([answerIn(error, 9), answerIn(found, 8)]).toEqual([null, null]);
});
