import { describe, expect, test } from "vitest";
import type { FarmSeries, LiveEvent } from "@/server/core/metrics/live.ts";
import { marksOf, mergeEvents } from "./event-marks.ts";
import { silenceBefore } from "./gaps.ts";
import { momentText, tickText } from "./moment.ts";
import { timeTicks } from "./scale.ts";

const hourMs = 3600_000;
const dayMs = 24 * hourMs;
const stepMs = 900_000;

/** A day in quarters of an hour, known from one of them on. */
function day(firstKnown: number): Pick<FarmSeries, "fromMs" | "toMs" | "stepMs" | "atMs" | "backends"> {
  const atMs = Array.from({ length: 96 }, (_, index) => index * stepMs);
  const plannedPct = atMs.map((_, index) => (index >= firstKnown ? 100 : null));
  const none = atMs.map(() => null);
  return {
    fromMs: 0,
    toMs: dayMs,
    stepMs,
    atMs,
    backends: [{ backendId: "b", plannedPct, newPerS: none, active: none, observedPct: none }],
  };
}

describe("the beginning of a long range", () => {
  test("says from when on minutes were kept, and whether the farm is younger", () => {
    expect(silenceBefore(day(40), 0)).toEqual({
      fromMs: 0,
      toMs: 40 * stepMs,
      text: `no history before ${momentText(40 * stepMs, day(0))}`,
    });
    const sinceMs = 40 * stepMs + 60_000;
    const young = `no history before ${momentText(sinceMs, day(0))}: the farm is not older`;
    expect(silenceBefore(day(40), sinceMs)?.text).toBe(young);
    // not known since when it exists: what is missing is said all the same
    expect(silenceBefore(day(40), null)?.text).toMatch(/^no history before/);
  });

  test("says that nothing is kept yet, and nothing where the range is filled", () => {
    expect(silenceBefore(day(96), 0)?.text).toBe("no minute of this farm is kept yet");
    expect(silenceBefore(day(1), 0)).toBeNull();
  });
});

describe("moments of a long range", () => {
  test("carry their date once a clock is not enough", () => {
    const at = new Date(2026, 2, 1, 14, 3, 2).getTime();
    const span = (ms: number) => ({ fromMs: at - ms, toMs: at });
    expect([momentText(at, span(900_000)), momentText(at, span(dayMs))]).toEqual(["14:03:02", "2026-03-01 14:03"]);
    expect([tickText(at, span(300_000)), tickText(at, span(dayMs)), tickText(at, span(7 * dayMs))]).toEqual([
      "14:03:02",
      "14:03",
      "03-01",
    ]);
  });

  test.each([6 * hourMs, dayMs, 7 * dayMs, 30 * dayMs])("have three to eight ticks in %d ms", (rangeMs) => {
    const ticks = timeTicks(1000 * dayMs + 12_345, 1000 * dayMs + 12_345 + rangeMs);
    expect(ticks.length).toBeGreaterThanOrEqual(3);
    expect(ticks.length).toBeLessThanOrEqual(8);
  });

  test("begin days at the reader's midnight", () => {
    const zoneMs = 2 * hourMs;
    expect(timeTicks(0, 7 * dayMs, zoneMs).every((at) => (at + zoneMs) % dayMs === 0)).toBe(true);
  });
});

describe("marks of a long range", () => {
  const event = (at: number, text: string, revision: number | null = null): LiveEvent => {
    return { seq: 1, at, kind: revision === null ? "health" : "change", farmId: "a", backendId: null, text, revision };
  };

  test("come from the log and the live feed, each once, oldest first", () => {
    const logged = [event(10, "down"), event(20, "Revision 2", 2)];
    const live = [event(21, "Revision 2", 2), event(10, "down"), event(30, "up")];
    expect(mergeEvents(logged, live).map(({ at }) => at)).toEqual([10, 21, 30]);
  });

  test("are more than in a short one", () => {
    const events = Array.from({ length: 60 }, (_, index) => event(index * 1000, `thing ${index}`));
    expect(marksOf(events, "a", 0, 300_000)).toHaveLength(12);
    expect(marksOf(events, "a", 0, dayMs)).toHaveLength(40);
  });
});
