import { expect, test } from "vitest";
import { textBeforeMark } from "./nft-child.ts";

const mark = "SluiceEnd7x";
const end = `Error: syntax error, unexpected newline, expecting string\n${mark}\n           ^\n`;

test("nothing before the mark is a success", () => {
  expect(textBeforeMark(end, mark)).toBe("");
});

test("the line of carets that belongs to the mark before is no error", () => {
  expect(textBeforeMark(`           ^\n${end}`, mark)).toBe("");
});

test("without the whole mark the answer has not come yet", () => {
  expect(textBeforeMark("", mark)).toBeNull();
  expect(textBeforeMark(end.slice(0, end.indexOf(mark) + 5), mark)).toBeNull();
});

test("an error of our line stands before the mark, its long echo cut", () => {
  const echo = `add element inet sluice slots { ${"0x51000001, ".repeat(1000)} }`;
  const text = `Error: Could not process rule: File exists\n${echo}\n                 ^^^^^\n${end}`;
  const error = textBeforeMark(text, mark);
  expect(error).toContain("File exists");
  expect(error?.length).toBeLessThan(1000);
});
