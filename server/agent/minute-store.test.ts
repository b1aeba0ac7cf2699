import { expect, it } from "vitest";
import type { BackendLive, FarmLive } from "../core/metrics/live.ts";
import { minutesAnswerSchema } from "../wire/agent.ts";
import { createMinuteStore, type MinuteStore } from "./minute-store.ts";

const pause = async () => {};

it("a minute holds the mean, the most, the worst and the last of its seconds, and comes once it has ended", async () => {
  const store = createMinuteStore(1e6);
  await store.add(60_000, [{ ...farm("a", { b1: 10 }), word: "problem" }], pause);
  await store.add(61_000, [farm("a", { b1: 30 })], pause);
  expect(read(store).minutes).toEqual([]);
  await store.add(120_000, [farm("a", { b1: 1 })], pause);
  const [minute] = read(store).minutes;
  expect(minute?.atMs).toBe(60_000);
  expect(minute?.farms).toEqual([
    {
      farmId: "a",
      values: [null, null, null, 30, 4, 9, 12, 70, 5],
      backends: [{ backendId: "b1", values: [20, 20, 30, null, null, null, null, null, 50, 1, 2, 30, 60, 70] }],
    },
  ]);
});

it("a backend that joins within a minute takes nothing from those that stay", async () => {
  const store = createMinuteStore(1e6);
  await store.add(60_000, [farm("a", { b1: 10 })], pause);
  await store.add(61_000, [farm("a", { b2: 4, b1: 20 })], pause);
  await store.add(120_000, [], pause);
  const backends = read(store).minutes[0]?.farms[0]?.backends ?? [];
  expect(backends.map(({ backendId, values }) => [backendId, values[0]])).toEqual([
    ["b2", 4],
    ["b1", 15],
  ]);
});

it("the cursor leaves out what was read, an answer is bounded and says that there is more", async () => {
  const store = createMinuteStore(1e6);
  for (let minute = 1; minute <= 6; minute++) await store.add(minute * 60_000, [farm("a", { b1: minute })], pause);
  const some = read(store, 120_000, 2);
  expect(some.minutes.map(({ atMs }) => atMs)).toEqual([180_000, 240_000]);
  expect([some.oldestMs, some.newestMs, some.more]).toEqual([60_000, 300_000, true]);
  expect(read(store, 240_000, 2).more).toBe(false);
});

it("its memory is bounded: the oldest minutes go", async () => {
  const store = createMinuteStore(46 * 3);
  for (let minute = 1; minute <= 6; minute++) await store.add(minute * 60_000, [farm("a", { b1: minute })], pause);
  expect(read(store).minutes.map(({ atMs }) => atMs)).toEqual([180_000, 240_000, 300_000]);
});

function read(store: MinuteStore, afterMs = 0, limit = 60) {
  return minutesAnswerSchema.parse(JSON.parse([...store.answer(afterMs, limit)].join("")));
}

function farm(farmId: string, backends: Readonly<Record<string, number>>): FarmLive {
  const counts = { newPerS: 0, active: Object.values(backends).reduce((sum, value) => sum + value, 0) };
  const place = { at: 0, word: "up", reason: null, serving: 1, total: 1, bytesInPerS: 0, bytesOutPerS: 0 } as const;
  return {
    ...counts,
    ...place,
    farmId,
    connect: null,
    traffic: { p50Ms: 4, p95Ms: 9, p99Ms: 12, samples: 70, failed: 0 },
    vips: [],
    hints: [],
    turnedAway: [],
    logPrefix: null,
    backends: Object.entries(backends).map(([backendId, value]) => backend(backendId, value)),
  };
}

function backend(backendId: string, value: number): BackendLive {
  return {
    backendId,
    adminState: "active",
    health: "up",
    reason: null,
    plannedPct: 50,
    programmedPct: 50,
    observed: null,
    newPerS: value,
    active: value,
    packetsInPerS: null,
    packetsOutPerS: null,
    bytesInPerS: null,
    bytesOutPerS: null,
    connect: { p50Ms: 1, p95Ms: 2, p99Ms: 3, samples: 60, failed: 0 },
    traffic: { p50Ms: value, p95Ms: 2 * value, p99Ms: 3 * value, samples: 70, failed: 0 },
    lastProbeAt: null,
  };
}
