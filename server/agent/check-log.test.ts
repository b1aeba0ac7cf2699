import { expect, test } from "vitest";
import type { CheckEntry } from "../wire/monitor.ts";
import { createCheckLog, entriesMaxOf } from "./check-log.ts";

const entry = (at: number, more: Partial<CheckEntry> = {}): CheckEntry => ({
  at,
  ok: true,
  degraded: false,
  tookMs: 1.5,
  error: null,
  text: "",
  ...more,
});

test("the last 200 checks come back as they were, oldest first", () => {
  const log = createCheckLog();
  const made = Array.from({ length: 470 }, (_, at) =>
    at % 3 === 0
      ? entry(at, { ok: false, error: "unhealthy", text: `status ${500 + (at % 7)}`, tookMs: null })
      : entry(at, { degraded: at % 3 === 1 }),
  );
  for (const [at, each] of made.entries()) {
    log.add(each, "up");
    expect(log.entries().at(-1)).toEqual(each);
    if (at === 100) expect(log.entries()).toEqual(made.slice(0, 101));
  }
  expect(log.entries()).toEqual(made.slice(-200));
});

test("texts that all differ cost a bound, and the newest are not mixed up with older ones", () => {
  const log = createCheckLog();
  for (let at = 0; at < 5000; at++) log.add(entry(at, { ok: false, error: "malformed", text: `answer ${at}` }), "down");
  const kept = log.entries().filter(({ text }) => text !== "");
  expect(kept.every(({ at, text }) => text === `answer ${at}`)).toBe(true);
  expect(new Set(kept.map(({ text }) => text)).size).toBeLessThanOrEqual(31);
});

test("the heartbeat has an entry for each minute of two hours, also of those in which nobody asked", () => {
  const log = createCheckLog();
  log.add(entry(60_000), "up");
  log.add(entry(61_000, { ok: false, error: "timeout" }), "up");
  log.add(entry(4 * 60_000), "down");
  expect(log.beats()).toEqual([
    { atMs: 60_000, good: 1, bad: 1, health: "up" },
    { atMs: 120_000, good: 0, bad: 0, health: "unknown" },
    { atMs: 180_000, good: 0, bad: 0, health: "unknown" },
    { atMs: 240_000, good: 1, bad: 0, health: "down" },
  ]);
  log.add(entry(300 * 60_000), "up");
  expect([log.beats().length, log.beats().filter(({ good }) => good > 0).length]).toEqual([120, 1]);
  for (let minute = 301; minute < 1000; minute++) log.add(entry(minute * 60_000), "up");
  expect(log.beats().map(({ atMs }) => atMs / 60_000)).toEqual(Array.from({ length: 120 }, (_, at) => 880 + at));
});

test("what could not be made from here is in the log, and is no beat of the backend", () => {
  const log = createCheckLog();
  log.add(entry(60_000, { ok: false, error: "cannot-check" }), "up");
  log.add(entry(61_000), "up");
  expect(log.entries()).toHaveLength(2);
  expect(log.beats()).toEqual([{ atMs: 60_000, good: 1, bad: 0, health: "up" }]);
});

test("the strip of minutes begins anew when the clock is set back, and goes on", () => {
  const log = createCheckLog();
  log.add(entry(7_200_000), "up");
  log.add(entry(3_600_000), "down");
  log.add(entry(3_660_000), "up");
  expect(log.beats().map(({ atMs, health }) => [atMs, health])).toEqual([
    [3_600_000, "down"],
    [3_660_000, "up"],
  ]);
});

test("one of very many backends keeps fewer checks, still the newest", () => {
  expect([1, 10_000, 50_000, 100_000].map(entriesMaxOf)).toEqual([200, 200, 40, 20]);
  const log = createCheckLog(20);
  for (let at = 0; at < 50; at++) log.add(entry(at), "up");
  expect(log.entries().map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, at) => at + 30));
});
