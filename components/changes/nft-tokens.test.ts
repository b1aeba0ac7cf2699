import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nftLines } from "./nft-tokens.ts";

describe("nftLines", () => {
  it("gives the whole text back, whatever it is", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const body = text.endsWith("\n") ? text.slice(0, -1) : text;
        const joined = nftLines(text).map((runs) => runs.map((run) => run.text).join(""));
        expect(joined.join("\n")).toBe(body);
      }),
    );
  });

  it("marks what adds, what deletes, values and comments", () => {
    const kinds = nftLines(
      "# one\nadd element inet sluice slots { 0x1 : 2 }\ndelete element inet sluice slots { 0x1 }\nflush chain inet sluice f_1",
    ).map((runs) => runs.map((run) => [run.kind, run.text]));
    expect(kinds).toEqual([
      [["comment", "# one"]],
      [
        ["add", "add element"],
        ["plain", " inet sluice slots { "],
        ["value", "0x1"],
        ["plain", " : 2 }"],
      ],
      [
        ["delete", "delete element"],
        ["plain", " inet sluice slots { "],
        ["value", "0x1"],
        ["plain", " }"],
      ],
      [
        ["delete", "flush chain"],
        ["plain", " inet sluice f_1"],
      ],
    ]);
  });
});
