import { describe, expect, it } from "vitest";
import { dscpPoint, dscpSchema, prioritySchema } from "./qos.ts";

describe("a DSCP", () => {
  it.each<[string | number, string, number]>([
    ["af21", "af21", 18],
    ["EF", "ef", 46],
    ["cs7", "cs7", 56],
    [0, "cs0", 0],
    ["38", "af43", 38],
    [1, "le", 1],
    [63, "63", 63],
  ])("%s is %s, %i", (typed, canonical, point) => {
    expect(dscpSchema.parse(typed)).toBe(canonical);
    expect(dscpPoint(canonical)).toBe(point);
  });

  it.each(["64", "af51", "-1", "1.5", "", "ef; drop"])("%s is refused", (typed) => {
    expect(dscpSchema.safeParse(typed).success).toBe(false);
  });
});

describe("a class of tc", () => {
  it("is written in its shortest form", () => {
    expect(["1:10", "0001:00FF", "ffff:0"].map((text) => prioritySchema.parse(text))).toEqual([
      "1:10",
      "1:ff",
      "ffff:0",
    ]);
  });

  it.each(["0:1", "1", "1:", ":1", "10000:1", "1:g", "1:10 drop"])("%s is refused", (text) => {
    expect(prioritySchema.safeParse(text).success).toBe(false);
  });
});
