import { expect, test } from "vitest";
import { conditionsOfLive } from "./live-conditions.ts";

test("a page previews by all that multiplies a weight: slow start, measurement, and what the backend asks for", () => {
  const weights = {
    slowStart: { factor: 0.5, untilMs: 1 },
    dynamic: { factor: 0.5, text: "", isHeld: false },
    wish: { factor: 0.4, text: "asks for 40 % of its weight" },
  };
  const out = { why: "ejected", untilMs: null, text: "" } as const;
  const conditions = conditionsOfLive([
    { backendId: "a", health: "up", weights },
    { backendId: "b", health: "down", out },
  ]);
  expect([...conditions]).toEqual([
    ["a", { health: "up", out: null, factor: 0.1 }],
    ["b", { health: "down", out: "ejected", factor: 1 }],
  ]);
});
