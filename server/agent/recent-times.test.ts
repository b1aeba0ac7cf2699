import { expect, test } from "vitest";
import type { ProbeResult } from "../wire/prober.ts";
import { createRecentTimes } from "./recent-times.ts";

function world() {
  let nowMs = 1_000_000;
  const recent = createRecentTimes(() => nowMs);
  const result = (key: string, more: Partial<ProbeResult>): ProbeResult => {
    return { key, at: nowMs, connectUs: null, tookUs: null, error: null, text: "", degraded: false, ...more };
  };
  return {
    recent,
    later(ms: number) {
      nowMs += ms;
    },
    say: (key: string, more: Partial<ProbeResult>) => recent.take([result(key, more)]),
    connect(ms: number) {
      nowMs += 1000;
      recent.take([result("7:connect", { connectUs: ms * 1000, tookUs: ms * 1000 })]);
    },
  };
}

test("one late answer moves nothing, three do", () => {
  const { recent, connect } = world();
  for (const ms of [10, 10, 10, 10, 300]) connect(ms);
  expect(recent.connect(7)?.value).toBe(10);
  for (const ms of [300, 300]) connect(ms);
  expect(recent.connect(7)?.value).toBe(300);
});

test("of what is measured rarely the newest counts alone", () => {
  const { recent, connect, later } = world();
  for (const ms of [10, 20]) {
    later(30_000);
    connect(ms);
  }
  expect(recent.connect(7)?.value).toBe(20);
});

test("after the clock was set back real traffic is measured on as before", () => {
  const { recent, later } = world();
  recent.answered(7, 1000);
  later(-7_200_000);
  recent.answered(7, 1000);
  for (let second = 0; second < 10; second++) {
    later(1000);
    recent.answered(7, 9000);
  }
  expect(recent.traffic(7)?.value).toBeGreaterThan(8);
});

test("real traffic is the mean of the last seconds, however many connections there were", () => {
  const { recent, later } = world();
  for (let each = 0; each < 1000; each++) recent.answered(7, 1000);
  later(5000);
  for (let each = 0; each < 100; each++) recent.answered(7, 100_000);
  expect(recent.traffic(7)?.value).toBeGreaterThan(20);
  later(8000);
  recent.answered(7, 100_000);
  expect(recent.traffic(7)?.value).toBeGreaterThan(60);
  recent.answered(7, null);
  expect(recent.traffic(8)).toBeNull();
});

test("a check is the answer beyond the opening; failures say nothing of times; a wish counts always", () => {
  const { recent, say } = world();
  say("7:check", { connectUs: 2000, tookUs: 50_000 });
  expect([recent.check(7)?.value, recent.answer(7)?.value]).toEqual([50, 48]);
  say("8:check", { connectUs: 2000, tookUs: 9000, error: "unhealthy", weightPct: 0 });
  expect([recent.check(8), recent.wanted(8)?.value]).toEqual([null, 0]);
  say("7:load", { tookUs: 1000, loadPct: 93 });
  expect(recent.load(7)?.value).toBe(93);
});

test("what is no target any more is forgotten, and only that", () => {
  const { recent, say, connect } = world();
  connect(10);
  recent.answered(7, 1000);
  say("7:load", { tookUs: 1000, loadPct: 93 });
  recent.forget(["7:load"]);
  expect([recent.load(7), recent.connect(7)?.value]).toEqual([null, 10]);
  recent.forget(["7:connect"]);
  expect([recent.connect(7), recent.traffic(7)]).toEqual([null, null]);
});

test("where the check alone asked, nothing of its backend is left without it", () => {
  const { recent, say } = world();
  say("7:check", { connectUs: 2000, tookUs: 50_000 });
  recent.answered(7, 1000);
  recent.forget(["7:check"]);
  expect([recent.check(7), recent.connect(7), recent.traffic(7)]).toEqual([null, null, null]);
});
