import { describe, expect, test } from "vitest";
import { familyHead, familyText, histogramLines, labelText, sampleLine } from "./exposition.ts";

const family = { name: "sluice_x_total", type: "counter", help: "All\nof \\ it" } as const;

describe("the text format", () => {
  test("escapes what people chose in label values, and line ends in help", () => {
    expect(labelText([["farm", 'a"b\\c\nd']])).toBe('farm="a\\"b\\\\c\\nd"');
    expect(familyHead(family)).toBe("# HELP sluice_x_total All\\nof \\\\ it\n# TYPE sluice_x_total counter\n");
  });

  test("has no line for what is not known, and one for zero", () => {
    expect(sampleLine("x", "", null) + sampleLine("x", "", undefined) + sampleLine("x", "", Number.NaN)).toBe("");
    expect(sampleLine("x", "", 0)).toBe("x 0\n");
    expect(familyText(family, [[[], null]])).toBe("");
  });

  test("puts more labels after the ones that were made before", () => {
    expect(sampleLine("x", 'a="1"', 2, 'b="3"')).toBe('x{a="1",b="3"} 2\n');
    expect(sampleLine("x", "", 2, 'b="3"')).toBe('x{b="3"} 2\n');
  });

  test("sums a histogram up to +Inf, which is its count", () => {
    expect(histogramLines("t_seconds", "", { bounds: [0.1, 1], counts: [2, 1, 4], sum: 9.5 })).toBe(
      't_seconds_bucket{le="0.1"} 2\nt_seconds_bucket{le="1"} 3\nt_seconds_bucket{le="+Inf"} 7\n' +
        "t_seconds_sum 9.5\nt_seconds_count 7\n",
    );
  });
});
