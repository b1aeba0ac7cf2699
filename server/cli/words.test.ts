import { expect, test } from "vitest";
import { adminStateCell } from "./words.ts";

test("an active backend that a window or real traffic has out says so; a decision stands above both", () => {
  const out = (why: "ejected" | "window") => ({ why, untilMs: null, text: "" });
  expect(adminStateCell("active")).toEqual({ text: "active", tone: "plain" });
  expect(adminStateCell("active", out("window"))).toEqual({ text: "window", tone: "warn" });
  expect(adminStateCell("active", out("ejected"))).toEqual({ text: "ejected", tone: "bad" });
  expect(adminStateCell("drain", out("window"))).toMatchObject({ text: "drain" });
});
