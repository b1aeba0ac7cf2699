import { expect, test } from "vitest";
import { findLines, piecesOf, withHexOffsets } from "./ruleset-lines.ts";

const text = "table inet sluice {\n  chain f_1 {\n  }\n  map be4 { 0x51000001 : 10.0.0.1 }\n}";

test("without a search every line is shown", () => {
  expect(findLines(text, " ").lines).toHaveLength(5);
});

test("found lines keep the number they have in the whole listing", () => {
  expect(findLines(text, "CHAIN")).toEqual({ lines: [{ number: 2, text: "  chain f_1 {" }], matches: 1 });
});

test("each hit in a line is marked and nothing of the line is lost", () => {
  const pieces = piecesOf("add Add x add", "add");
  expect(pieces.filter((piece) => piece.isHit)).toHaveLength(3);
  expect(pieces.map((piece) => piece.text).join("")).toBe("add Add x add");
});

test("the end of the last line is no line of its own", () => {
  expect(findLines(`${text}\n`, "")).toEqual(findLines(text, ""));
});

test("an offset reads as the slots do, and nothing else is touched", () => {
  const rule = "ct mark set numgen inc mod 3 offset 3506438160 goto sched4 # packets 3506438160";
  expect(withHexOffsets(rule)).toBe("ct mark set numgen inc mod 3 offset 0xd1000010 goto sched4 # packets 3506438160");
  expect(withHexOffsets("offset 0xd1000010")).toBe("offset 0xd1000010");
});
