import { describe, expect, test } from "vitest";
import type { MonitorGroup, MonitorItem } from "./monitor-model.ts";
import { verdictOf } from "./wall-model.ts";

const item = (isChecked = true) => ({ row: { isChecked, reason: null } }) as MonitorItem;
const group = (key: MonitorGroup["key"], ...items: MonitorItem[]): MonitorGroup => ({ key, items });
const live = { state: "live", ageS: null } as const;
const up = group("up", item());

describe("a wall", () => {
  test("is green only when everything that is checked is known to be up", () => {
    expect(verdictOf([up], live).glyph).toBe("up");
    expect(verdictOf([group("draining", item()), group("maintenance", item()), up], live).glyph).toBe("up");
  });

  test("is never green for what is not known: agent gone, server gone, nothing heard yet", () => {
    for (const state of ["lost", "stale", "connecting"] as const)
      expect(verdictOf([up], { state, ageS: 5 }).glyph).toBe("unknown");
  });

  test("is never green for what nobody checks, or for nothing at all", () => {
    expect(verdictOf([group("unknown", item(false)), up], live)).toEqual({
      glyph: "unknown",
      text: "Nothing wrong is known; 1 not checked",
    });
    expect(verdictOf([], live).glyph).toBe("unknown");
    expect(verdictOf([group("maintenance", item())], live).glyph).toBe("unknown");
    expect(verdictOf([group("unknown", { row: null } as MonitorItem), up], live).glyph).toBe("unknown");
  });

  test("counts what is wrong, and takes its worst sign", () => {
    expect(verdictOf([group("down", item(), item()), group("degraded", item()), up], live)).toEqual({
      glyph: "down",
      text: "3 backends need a look",
    });
    expect(verdictOf([group("ejected", item()), up], live)).toEqual({
      glyph: "degraded",
      text: "1 backend needs a look",
    });
  });
});
