import { describe, expect, it } from "vitest";
import { resolve, type Side, threeWay } from "./three-way.ts";

const side = (cells: Record<string, string>): Side =>
  new Map(Object.entries(cells).map(([key, text]) => [key, { label: key, text }]));

describe("threeWay", () => {
  const rows = threeWay(
    side({ a: "100", b: "100", c: "100", d: "50", e: "7" }),
    side({ a: "80", b: "120", c: "100", d: "60", e: "7" }),
    side({ a: "90", b: "100", c: "110", d: "60", f: "1", e: "7" }),
  );

  it("names for each changed value who changed it, and leaves out what nobody changed", () => {
    expect(rows.map((row) => [row.key, row.changedBy])).toEqual([
      ["a", "both"],
      ["b", "yours"],
      ["c", "theirs"],
      ["d", "agreed"],
      ["f", "theirs"],
    ]);
  });

  it("takes the only changer without asking and a choice only where both changed", () => {
    expect(
      Object.fromEntries(
        resolve(
          rows,
          new Map([
            ["a", "theirs"],
            ["b", "theirs"],
          ]),
        ),
      ),
    ).toEqual({
      a: "theirs",
      b: "yours",
      c: "theirs",
      d: "theirs",
      f: "theirs",
    });
  });

  it("says that a side removed a row", () => {
    expect(threeWay(side({ a: "1" }), side({ a: "1" }), side({}))).toEqual([
      { key: "a", label: "a", base: "1", yours: "1", theirs: null, changedBy: "theirs" },
    ]);
  });
});
