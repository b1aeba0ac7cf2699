import { describe, expect, test } from "vitest";
import { type LiveEvent, liveEventKinds } from "@/server/core/metrics/live.ts";
import { glyphOf, marksApart, marksOf } from "./event-marks.ts";

const event: LiveEvent = {
  ...{ seq: 1, at: 10, kind: "change", farmId: "drain", backendId: null },
  text: "Revision 2: Farm drain is now called maintenance",
  revision: 2,
};

describe("the sign of an event", () => {
  test("is that of its kind, whatever names people chose", () => {
    for (const name of ["drain", "maintenance", "down", "gone", "up", "lost", "stopped", "answers again"])
      for (const kind of liveEventKinds) {
        const [mark] = marksOf([{ ...event, kind, text: `Farm ${name} is changed` }], "drain", 0, 20);
        expect(mark?.glyph, `${kind} ${name}`).toBe(glyphOf({ kind }));
      }
    expect(marksOf([event], "drain", 0, 20).map(({ glyph }) => glyph)).toEqual(["change"]);
  });

  test("tells a drain, a stop, a loss and a return from a plain change; what has none is no fault", () => {
    const glyphs = ["change", "drain", "stop", "lost", "back", "sign-in"].map((kind) => glyphOf({ kind }));
    expect(glyphs).toEqual(["change", "draining", "stopped", "down", "up", "other"]);
  });
});

test("weights that move all the time never crowd out what people did and what broke", () => {
  const at = (ms: number, kind: LiveEvent["kind"]): LiveEvent => ({ ...event, seq: ms, at: ms, kind, revision: null });
  const events = [at(1, "down"), ...Array.from({ length: 50 }, (_, index) => at(index + 2, "weight")), at(60, "drain")];
  const marks = marksOf(events, "drain", 0, 100);
  expect([marks.length, marks[0]?.glyph, marks.at(-1)?.glyph]).toEqual([12, "down", "draining"]);
  expect(marks.map(({ atMs }) => atMs)).toEqual(marks.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
});

test("signs that would cover each other are one, the newest; those apart stay, oldest first", () => {
  const mark = (atMs: number) => ({ key: String(atMs), atMs, glyph: "down", text: "", revision: null }) as const;
  const apart = marksApart([10, 11, 12, 50, 90].map(mark), (atMs) => atMs);
  expect(apart.map(({ atMs }) => atMs)).toEqual([12, 50, 90]);
});
