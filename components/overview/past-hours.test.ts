import { expect, test } from "vitest";
import type { FarmWord } from "@/server/core/farm/types.ts";
import { pastMinutes } from "@/server/core/metrics/past-hour.ts";
import { runsOf, stripText } from "./hour-runs.ts";
import { dueIds, type KnownHours, spanOf, trafficOf, withHours, wordsOf } from "./past-hours.ts";

const minuteMs = 60_000;
const toMs = 1000 * minuteMs;

function hours(farms: Readonly<Record<string, readonly (FarmWord | null)[]>>, readAt = 0): KnownHours {
  const of = ([farmId, last]: readonly [string, readonly (FarmWord | null)[]]) => {
    const words = [...Array.from({ length: pastMinutes - last.length }, () => null), ...last];
    const newPerS = words.map((word) => (word === null ? null : 2));
    return { farmId, words, newPerS, active: newPerS };
  };
  return withHours(new Map(), { toMs, farms: Object.entries(farms).map(of) }, readAt);
}

test("asked for are farms that were never read and those that are a minute old, no others", () => {
  const known = withHours(
    hours({ a: ["up"], b: ["up"] }, 1000),
    { toMs, farms: [...hours({ b: ["up"] }).values()] },
    60_000,
  );
  expect(dueIds(known, ["a", "b", "new"], 61_000)).toEqual(["a", "new"]);
  expect(dueIds(known, ["b"], 61_000)).toEqual([]);
});

test("all begin where the first of them is known, so that a younger farm stands at its own time", () => {
  const known = hours({ old: ["up", "up", "down", "up"], young: ["up"], never: [] });
  const fromMs = toMs - 4 * minuteMs;
  expect(spanOf([...known.values()])).toEqual({ fromMs, span: ", 4 min" });
  const of = (id: string) => [...known.values()].find(({ farmId }) => farmId === id) ?? expect.fail(id);
  expect(wordsOf(of("young"), fromMs)).toEqual([null, null, null, "up"]);
  expect(trafficOf(of("young"), fromMs).map(({ newPerS }) => newPerS)).toEqual([null, null, null, 2]);
  expect(spanOf([...hours({ never: [] }).values()])).toEqual({ fromMs: null, span: "" });
  const whole = hours({ a: Array.from({ length: pastMinutes }, () => "up" as const) });
  expect(spanOf([...whole.values()]).span).toBe(", 1 h");
});

test("an hour is told in words, the worst first; before a farm was there is no time of it, a gap is", () => {
  const runs = runsOf([null, null, "up", "up", null, "problem", "down", "down", "up"]);
  expect(runs.map(({ word, from, minutes }) => [word, from, minutes])).toEqual([
    ["up", 2, 2],
    [null, 4, 1],
    ["problem", 5, 1],
    ["down", 6, 2],
    ["up", 8, 1],
  ]);
  expect(stripText(runs)).toBe("Down 2 min, Problem 1 min, Not known 1 min, Up 3 min");
  expect(runsOf([null, null])).toEqual([]);
});
