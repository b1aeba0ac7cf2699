import { describe, expect, test } from "vitest";
import { createSeriesStore, type FarmSample } from "./series.ts";

const farmId = "f";
const startMs = 1_000_000_000_000;

function sample(newPerS: number | null): FarmSample {
  const backends = [{ backendId: "b", newPerS, active: newPerS, observedPct: 100, plannedPct: 100 }];
  return { farmId, p50Ms: 1, p95Ms: 2, p99Ms: 3, backends };
}

function filled(seconds: number, valueAt: (second: number) => number | null = () => 5) {
  const store = createSeriesStore(128 * 1024 * 1024);
  for (let second = 0; second < seconds; second++) store.add(startMs + second * 1000, [sample(valueAt(second))]);
  return { store, nowMs: startMs + (seconds - 1) * 1000 };
}

function read(store: ReturnType<typeof createSeriesStore>, fromMs: number, toMs: number) {
  const series = store.read(farmId, fromMs, toMs);
  if (series === null) throw new Error("the farm has a history");
  return series;
}

describe("history of a farm", () => {
  test("an agent younger than the window answers in seconds, not in minutes", () => {
    const { store, nowMs } = filled(130);
    const series = read(store, nowMs - 300_000, nowMs);
    expect(series.stepMs).toBe(5000);
    expect(series.backends[0]?.newPerS.filter((value) => value === 5).length).toBe(26);
  });

  test("what lies before the agent's start is a gap, not a zero", () => {
    const { store, nowMs } = filled(60);
    expect(read(store, nowMs - 300_000, nowMs).backends[0]?.newPerS[0]).toBeNull();
  });

  test("a window longer than the second ring comes from the minutes", () => {
    const { store, nowMs } = filled(1500);
    expect(read(store, nowMs - 1_400_000, nowMs).stepMs).toBe(60_000);
  });

  test("at most 120 points come back, whatever the window", () => {
    const { store, nowMs } = filled(900);
    for (const windowMs of [60_000, 300_000, 900_000, 21_600_000])
      expect(read(store, nowMs - windowMs, nowMs).atMs.length).toBeLessThanOrEqual(120);
  });

  test("a value that was not known stays not known", () => {
    const { store, nowMs } = filled(100, (second) => (second >= 40 && second < 60 ? null : 7));
    const values = read(store, startMs, nowMs).backends[0]?.newPerS ?? [];
    expect(values.some((value) => value === null)).toBe(true);
    expect(values.every((value) => value === null || value === 7)).toBe(true);
  });

  test("the byte budget shortens the history, never the number of farms", () => {
    const store = createSeriesStore(64 * 1024);
    const farms = Array.from({ length: 50 }, (_, at) => ({ ...sample(1), farmId: `f${at}` }));
    for (let second = 0; second < 10; second++) store.add(startMs + second * 1000, farms);
    expect(store.read("f49", startMs, startMs + 9000)?.backends[0]?.newPerS.at(-1)).toBe(1);
    expect(store.retention().secondsS).toBeLessThan(900);
  });
});
