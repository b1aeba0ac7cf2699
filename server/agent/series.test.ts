import { expect, test } from "vitest";
import { createSeriesStore, type FarmSample, lengthsFor } from "./series.ts";

const budget = 128 * 1024 * 1024;
const sample = (values: Record<string, number | null>): FarmSample => ({
  farmId: "farm",
  connect: { p50Ms: 1, p95Ms: 2, p99Ms: 3 },
  traffic: { p50Ms: 4, p95Ms: 5, p99Ms: 6 },
  backends: Object.entries(values).map(([backendId, newPerS]) => ({
    backendId,
    newPerS,
    active: 5,
    observed: { sharePct: 50 },
    plannedPct: 50,
    connect: { p50Ms: 1, p95Ms: 2 },
    traffic: newPerS === null ? null : { p50Ms: newPerS, p95Ms: newPerS * 2 },
  })),
});
const pause = () => Promise.resolve();
const start = 1_700_000_000_000 - (1_700_000_000_000 % 60_000);

test("what was written is read back, and a gap stays a gap", async () => {
  const store = createSeriesStore(budget);
  for (let second = 0; second < 60; second++)
    await store.add(start + second * 1000, [sample({ a: second >= 20 && second < 30 ? null : second, b: 1 })], pause);
  const series = store.read("farm", start, start + 60_000);
  expect(series?.stepMs).toBe(1000);
  expect(series?.atMs).toHaveLength(60);
  const [a] = series?.backends ?? [];
  expect(a?.newPerS.slice(18, 32)).toEqual([18, 19, ...Array(10).fill(null), 30, 31]);
  expect([series?.connect.p95Ms[5], series?.traffic.p99Ms[5]]).toEqual([2, 6]);
  expect(a?.connect?.p95Ms[5]).toBe(2);
  expect(a?.traffic?.p95Ms.slice(18, 32)).toEqual([36, 38, ...Array(10).fill(null), 60, 62]);
});

test("a backend that comes later has no values before, one that stays keeps its own", async () => {
  const store = createSeriesStore(budget);
  for (let second = 0; second < 10; second++) await store.add(start + second * 1000, [sample({ a: 7 })], pause);
  for (let second = 10; second < 20; second++) await store.add(start + second * 1000, [sample({ b: 3, a: 7 })], pause);
  const series = store.read("farm", start, start + 20_000);
  const of = (id: string) => series?.backends.find(({ backendId }) => backendId === id)?.newPerS;
  expect(of("a")).toEqual(Array(20).fill(7));
  expect(of("b")).toEqual([...Array(10).fill(null), ...Array(10).fill(3)]);
});

test("older than the second ring is answered by minutes, at most 120 points", async () => {
  const store = createSeriesStore(budget);
  for (let second = 0; second < 3600; second++) await store.add(start + second * 1000, [sample({ a: 10 })], pause);
  const series = store.read("farm", start, start + 3_600_000);
  expect(series?.stepMs).toBe(60_000);
  expect(series?.atMs.length).toBeLessThanOrEqual(120);
  expect(series?.backends[0]?.newPerS[30]).toBe(10);
});

test("a minute keeps its last times, which are of a whole minute, and a farm never timed has none", async () => {
  const store = createSeriesStore(budget);
  const untimed = { ...sample({ a: null }), traffic: null };
  for (let second = 0; second < 1000; second++)
    await store.add(start + second * 1000, [sample({ a: second % 60 }), { ...untimed, farmId: "udp" }], pause);
  const [a] = store.read("farm", start, start + 1_000_000)?.backends ?? [];
  expect([a?.traffic?.p50Ms[3], a?.newPerS[3]]).toEqual([59, 29.5]);
  const never = store.read("udp", start, start + 1_000_000);
  expect(never?.traffic.p95Ms.every((value) => value === null)).toBe(true);
  expect(never?.backends[0]?.traffic).toBeUndefined();
});

test("the byte budget holds for any number of backends, and up to 1,000 the retention is 15 minutes and 6 hours", () => {
  expect(lengthsFor(budget, 100 * 6 + 1000 * 8)).toEqual({ seconds: 900, minutes: 360 });
  for (const backends of [1000, 10_000, 20_000]) {
    const columns = (backends / 10) * 6 + backends * 8;
    const { seconds, minutes } = lengthsFor(budget, columns);
    expect(columns * (seconds + minutes) * 2).toBeLessThanOrEqual(budget);
  }
});

test("shrinking keeps the newest seconds in their places", async () => {
  const store = createSeriesStore(250_000);
  for (let second = 0; second < 100; second++) await store.add(start + second * 1000, [sample({ a: second })], pause);
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`b${at}`, 1]));
  for (let second = 100; second < 110; second++)
    await store.add(start + second * 1000, [sample({ a: second, ...many })], pause);
  expect(store.retention().secondsS).toBeLessThan(900);
  const series = store.read("farm", start + 90_000, start + 110_000);
  expect(series?.backends[0]?.newPerS).toEqual(Array.from({ length: 20 }, (_, at) => 90 + at));
});

test("backends that say the same each second take hardly any memory, those that move take their ring", async () => {
  const of = (second: number) => ({ ...sample({ a: 3, b: second }), connect: null, traffic: null });
  const store = createSeriesStore(budget);
  await store.add(start, [of(0)], pause);
  const bytes: number[] = [];
  for (let second = 1; second <= 20; second++) {
    await store.add(start + second * 1000, [second < 10 ? of(0) : of(second)], pause);
    bytes.push(store.bytes());
  }
  const rings = store.retention().secondsS * 2 * 2;
  expect(bytes[8]).toBeLessThan(100);
  expect(bytes[9]).toBeGreaterThan(rings);
  // a ring of new connections and one each of p50 and p95 of those that are as many
  expect(bytes.at(-1)).toBeLessThan(4 * rings);
  const [a, b] = store.read("farm", start, start + 21_000)?.backends ?? [];
  expect([a?.newPerS, a?.active]).toEqual([Array(21).fill(3), Array(21).fill(5)]);
  expect(b?.newPerS).toEqual(Array.from({ length: 21 }, (_, second) => (second < 10 ? 0 : second)));
});

test("a farm is read as it was written, whether its values stood still, moved, or rested for longer than the ring", async () => {
  const store = createSeriesStore(1);
  const seconds = store.retention().secondsS;
  const values: (number | null)[] = [];
  const phases = [null, 4, (at: number) => at, 9, (at: number) => (at % 7 === 0 ? null : at), null, 2];
  for (const phase of phases)
    for (let at = 0; at < seconds / 2 + 47; at++) values.push(typeof phase === "function" ? phase(at) : phase);
  let length = 60;
  let last = sample({ a: null });
  for (const [at, value] of values.entries()) {
    // what did not change is the object that was there before
    if (value !== values[at - 1] || at % 50 === 0) last = sample({ a: value });
    await store.add(start + at * 1000, [last], pause);
    length = Math.min(at + 1, store.retention().secondsS);
    if (at % 13 !== 0) continue;
    const [a] = store.read("farm", start + (at - length + 1) * 1000, start + (at + 1) * 1000)?.backends ?? [];
    expect(a?.newPerS).toEqual(values.slice(at - length + 1, at + 1));
  }
  expect(length).toBe(60);
});

test("a farm that is gone is forgotten", async () => {
  const store = createSeriesStore(budget);
  await store.add(start, [sample({ a: 1 })], pause);
  await store.add(start + 1000, [], pause);
  expect(store.read("farm", start, start + 2000)).toBeNull();
});

test("a minute of many farms is summed up with pauses, and who reads meanwhile sees none of it half", async () => {
  const store = createSeriesStore(budget);
  const farms = Array.from({ length: 120 }, (_, at) => ({ ...sample({ a: at }), farmId: `farm ${at}` }));
  for (let second = 0; second < 1000; second++) await store.add(start + second * 1000, farms, pause);
  const endMs = start + 1020_000;
  const seen: (number | undefined)[] = [];
  const minutesOf = (farm: number) => store.read(`farm ${farm}`, start, endMs)?.atMs.length;
  const before = minutesOf(3);
  for (let second = 1000; second < 1021; second++)
    await store.add(start + second * 1000, farms, async () => {
      seen.push(minutesOf(3), minutesOf(119));
    });
  expect(seen.length).toBeGreaterThan(0);
  expect(new Set(seen)).toEqual(new Set([before]));
  expect(store.read("farm 3", start, endMs)?.backends[0]?.newPerS.at(-2)).toBe(3);
});
