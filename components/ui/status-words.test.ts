import { describe, expect, test } from "vitest";
import { backendGlyph, farmGlyph } from "./status-glyph.tsx";
import { backendWords } from "./status-words.ts";

describe("status of a backend: two axes, one glyph", () => {
  test("down takes the glyph, the words keep the decision", () => {
    expect(backendGlyph("drain", "down")).toBe("down");
    expect(backendWords("drain", "down", 37)).toBe("Draining, 37 left, Down");
  });

  test("a decision without a check claims no health", () => {
    expect(backendWords("maintenance", "unknown")).toBe("Maintenance");
    expect(backendGlyph("maintenance", "unknown")).toBe("stopped");
  });

  test("nothing is green when the agent is gone", () => {
    expect(backendGlyph("active", "up", true)).toBe("unknown");
    expect(farmGlyph("up", true)).toBe("unknown");
  });

  test("what is not checked is never green", () => {
    expect(backendGlyph("active", "unknown")).toBe("unknown");
    expect(farmGlyph("not-checked")).toBe("unknown");
  });
});
