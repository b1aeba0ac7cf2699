import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { backendGlyph, farmGlyph, type GlyphKind, StatusGlyph } from "./status-glyph.tsx";
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

describe("without colours", () => {
  const kinds: readonly GlyphKind[] = ["up", "degraded", "down", "unknown", "draining", "stopped"];

  /** Its largest shape alone: in forced colours the mark inside may have the colour of the shape. */
  function silhouetteOf(kind: GlyphKind): string {
    const shape = /<(?:path|circle|rect) [^>]*>/.exec(renderToStaticMarkup(createElement(StatusGlyph, { kind })));
    return (shape?.[0] ?? "").replace(/ fill="currentColor"| stroke="currentColor"/g, "");
  }

  test("each sign has an outline of its own", () => {
    expect(new Set(kinds.map(silhouetteOf)).size).toBe(kinds.length);
    expect(kinds.map(silhouetteOf)).not.toContain("");
  });

  test("and each state a word of its own", () => {
    const words = [
      backendWords("active", "up"),
      backendWords("active", "degraded"),
      backendWords("active", "down"),
      backendWords("active", "unknown"),
      backendWords("drain", "up"),
      backendWords("maintenance", "up"),
    ];
    expect(new Set(words).size).toBe(words.length);
  });
});
