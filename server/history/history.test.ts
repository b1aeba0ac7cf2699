import { existsSync, readFileSync, writeFileSync } from "node:fs";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { FarmSeries } from "../core/metrics/live.ts";
import type { Result } from "../core/result.ts";
import type { History } from "./history.ts";
import { day0Ms, hourMs, makeHistory, minuteOf, type TestHistory } from "./minutes.testing.ts";

let made: TestHistory;
beforeEach(() => {
  made = makeHistory();
});
afterEach(() => made.end());

it("what was written is read again, minutes that nobody has stay a gap and never become zero", async () => {
  const { history } = made;
  for (const minute of [0, 1, 2, 240, 241])
    expect(await history.write(minuteOf(day0Ms + minute * 60_000, { a: { b1: [10, 5] } }, 7))).toMatchObject({
      ok: true,
    });
  const series = read(history, "a", day0Ms, day0Ms + 6 * hourMs);
  expect(series.atMs.length).toBeLessThanOrEqual(120);
  const known = series.backends[0]?.newPerS.flatMap((value, at) => (value === null ? [] : [[series.atMs[at], value]]));
  expect(known).toEqual([
    [day0Ms, 10],
    [day0Ms + 240 * 60_000, 10],
  ]);
  expect(series.connect.p95Ms.filter((value) => value !== null)).toEqual([7, 7]);
  expect(series.traffic.p50Ms.every((value) => value === null)).toBe(true);
});

it("packing an hour changes nothing of what is read, and the cursor outlives the process", async () => {
  const { history } = made;
  await fill(history, 0, 150, (minute) => minute % 50);
  const before = read(history, "a", day0Ms, day0Ms + 3 * hourMs);
  expect(await history.tidy()).toEqual({ ok: true, value: 2 });
  expect(read(history, "a", day0Ms, day0Ms + 3 * hourMs)).toEqual(before);
  history.close();
  expect(made.reopen().cursorMs()).toEqual({ ok: true, value: day0Ms + 149 * 60_000 });
});

it("times of real connections are those of the connections in a point, not of its last minute, and a gap stays one", async () => {
  const { history } = made;
  const quiet = [2, 4, 6, 10] as const;
  for (let minute = 0; minute < 60; minute++) {
    const times = minute === 7 ? [50, 90, 120, 600] : minute === 30 ? [null, null, null, null] : quiet;
    await history.write(minuteOf(day0Ms + minute * 60_000, { a: { b1: [1, 1] } }, null, times));
  }
  await history.write(minuteOf(day0Ms + hourMs, { a: { b1: [1, 1] } }));
  const open = read(history, "a", day0Ms, day0Ms + 7 * 24 * hourMs);
  await history.tidy();
  const week = read(history, "a", day0Ms, day0Ms + 7 * 24 * hourMs);
  // half of the hour's connections came in the one busy minute
  expect([week.traffic.p50Ms[0], week.traffic.p95Ms[0]]).toEqual([50, 90]);
  expect(week.backends[0]?.traffic).toEqual(open.backends[0]?.traffic);
  expect([week.traffic.p95Ms[1], week.backends[0]?.connect]).toEqual([null, undefined]);
  const fine = read(history, "a", day0Ms, day0Ms + hourMs);
  expect([fine.traffic.p95Ms[7], fine.traffic.p95Ms[30], fine.traffic.p95Ms[31]]).toEqual([90, null, 4]);
});

it.each([
  [1, "real connections", [0, 1, 2, 3, 9, 10, 11, 12, 13, 14, 15, 16, 17]],
  [2, "states", [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22]],
])(
  "a history of version %i, from before %s were kept, is read on, and knows nothing of them",
  async (version, _, columns) => {
    const { history, path } = made;
    await fill(history, 0, 61, () => 6);
    await history.tidy();
    history.close();
    const file = new Database(path);
    for (const [table, run] of [
      ["minute", 1],
      ["hour", 1],
      ["packed", 60],
    ] as const)
      for (const codes of codesIn(file, table))
        file.prepare(`UPDATE ${table} SET codes = ? WHERE codes = ?`).run(narrow(codes, columns, run), codes);
    file.pragma(`user_version = ${version}`);
    file.close();
    const again = made.reopen();
    expect(read(again, "a", day0Ms, day0Ms + hourMs).backends[0]?.newPerS.slice(0, 3)).toEqual([6, 6, 6]);
    await again.write(minuteOf(day0Ms + hourMs, { a: { b1: [8, 8] } }, null, [1, 2, 3, 4]));
    await again.write(minuteOf(day0Ms + 2 * hourMs, { a: { b1: [8, 8] } }));
    await again.tidy();
    const series = read(again, "a", day0Ms, day0Ms + 2 * hourMs);
    expect([series.backends[0]?.newPerS[0], series.traffic.p95Ms.find((value) => value !== null)]).toEqual([6, 2]);
    expect(made.logged).toEqual([]);
  },
);

it("an hour in which backends came and went keeps the minutes of each", async () => {
  const { history } = made;
  await history.write(minuteOf(day0Ms, { a: { old: [4, 0], both: [1, 0] } }));
  await history.write(minuteOf(day0Ms + 600_000, { a: { both: [3, 0], young: [8, 0] } }));
  await history.write(minuteOf(day0Ms + hourMs, { a: { both: [3, 0], young: [8, 0] } }));
  await history.tidy();
  const series = read(history, "a", day0Ms, day0Ms + hourMs);
  const of = (id: string) => series.backends.find(({ backendId }) => backendId === id)?.newPerS ?? [];
  const at = (id: string, minute: number) => of(id)[series.atMs.indexOf(day0Ms + minute * 60_000)];
  expect([at("old", 0), at("both", 0), at("young", 0)]).toEqual([4, 1, null]);
  expect([at("old", 10), at("both", 10), at("young", 10)]).toEqual([null, 3, 8]);
});

it("thirty days are drawn from hours, over gaps, at most 120 points; the hour that is not over counts too", async () => {
  const { history } = made;
  await fill(history, 0, 60, () => 20);
  await fill(history, 20 * 24 * 60, 90, () => 40);
  await history.tidy();
  const series = read(history, "a", day0Ms, day0Ms + 30 * 24 * hourMs);
  expect(series.atMs.length).toBeLessThanOrEqual(120);
  const values = series.backends[0]?.newPerS ?? [];
  expect(values.filter((value) => value !== null)).toEqual([20, 40]);
  expect(values[0]).toBe(20);
});

it("after thirty days an hour is gone, and with its last hour a farm", async () => {
  const { history } = made;
  await history.write(minuteOf(day0Ms, { a: { b1: [1, 1] }, gone: { b2: [1, 1] } }));
  await history.write(minuteOf(day0Ms + 24 * hourMs, { a: { b1: [2, 2] } }));
  await history.tidy();
  expect(history.read("gone", day0Ms, day0Ms + hourMs)).toMatchObject({ value: { farmId: "gone" } });
  for (const hour of [3, 4]) {
    await history.write(minuteOf(day0Ms + (30 * 24 + hour) * hourMs, { a: { b1: [3, 3] } }));
    await history.tidy();
  }
  expect(history.read("gone", day0Ms, day0Ms + hourMs)).toEqual({ ok: true, value: null });
  const series = read(history, "a", day0Ms, day0Ms + 31 * 24 * hourMs);
  expect(series.backends[0]?.newPerS.filter((value) => value !== null)).toEqual([2, 3]);
});

it("a clock that is years ahead for a moment costs nothing of the thirty days", async () => {
  const { history } = made;
  await fill(history, 0, 61, () => 6);
  await history.tidy();
  const before = read(history, "a", day0Ms, day0Ms + hourMs).backends[0]?.newPerS;
  await history.write(minuteOf(day0Ms + 1000 * 24 * hourMs, { a: { b1: [9, 9] } }));
  await history.tidy();
  history.setCursorMs(day0Ms + 61 * 60_000);
  await fill(history, 61, 60, () => 6);
  await history.tidy();
  const after = read(history, "a", day0Ms, day0Ms + hourMs).backends[0]?.newPerS;
  expect([before?.[0], after?.slice(0, 60)]).toEqual([6, before?.slice(0, 60)]);
});

it("a full file gives up the minutes of its oldest hours and keeps the hours", async () => {
  made.end();
  made = makeHistory(1);
  const { history } = made;
  await fill(history, 0, 61, () => 6);
  await history.tidy();
  const series = read(history, "a", day0Ms, day0Ms + hourMs);
  expect(new Set(series.backends[0]?.newPerS)).toEqual(new Set([6, null]));
});

it("a minute written twice is the same as once, in an hour that is packed as well", async () => {
  const { history } = made;
  await fill(history, 0, 61, () => 6);
  await history.tidy();
  await history.write(minuteOf(day0Ms + 60_000, { a: { b1: [9, 9] } }));
  await history.write(minuteOf(day0Ms + hourMs, { a: { b1: [6, 6] } }));
  await history.tidy();
  const values = read(history, "a", day0Ms, day0Ms + hourMs).backends[0]?.newPerS ?? [];
  expect(values.slice(0, 3)).toEqual([6, 9, 6]);
});

it("a torn file is set aside and begun anew, with a line in the log", async () => {
  const { history, path } = made;
  await fill(history, 0, 3, () => 1);
  history.close();
  writeFileSync(path, "this was a database".repeat(1000));
  const again = made.reopen();
  expect(await again.write(minuteOf(day0Ms, { a: { b1: [1, 1] } }))).toEqual({ ok: true, value: null });
  expect([existsSync(`${path}.torn`), made.logged]).toEqual([true, ["history-begun-anew"]]);
  expect(again.cursorMs()).toEqual({ ok: true, value: day0Ms });
});

it("a file that turns out torn while it is used is begun anew at the next use", async () => {
  const { history, path } = made;
  await fill(history, 0, 3, () => 1);
  history.close();
  const bytes = readFileSync(path);
  writeFileSync(path, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 0xa5)]));
  const again = made.reopen();
  expect(again.cursorMs()).toMatchObject({ ok: false, error: { code: "storage" } });
  expect(again.cursorMs()).toEqual({ ok: true, value: 0 });
  expect(made.logged).toEqual(["history-begun-anew"]);
});

it("a history of another version is begun anew as well", () => {
  const { history, path } = made;
  expect(history.cursorMs()).toEqual({ ok: true, value: 0 });
  history.close();
  const file = new Database(path);
  file.pragma("user_version = 99");
  file.close();
  expect(made.reopen().cursorMs()).toEqual({ ok: true, value: 0 });
  expect(made.logged).toEqual(["history-begun-anew"]);
});

it("a folder that cannot be used is a failure, not an exception", () => {
  const { history, path } = made;
  history.close();
  made.end();
  expect(made.reopen().cursorMs()).toMatchObject({ ok: false, error: { code: "storage" } });
  expect(existsSync(path)).toBe(false);
});

/** Only some columns of the farm and of its one backend, as an earlier version had them. */
function narrow(codes: Buffer, columns: readonly number[], run: number): Buffer {
  return Buffer.concat(columns.map((column) => codes.subarray(column * run * 2, (column + 1) * run * 2)));
}

function codesIn(file: Database.Database, table: string): Buffer[] {
  return file.prepare(`SELECT DISTINCT codes FROM ${table}`).pluck().all() as Buffer[];
}

async function fill(history: History, from: number, count: number, value: (minute: number) => number): Promise<void> {
  for (let minute = from; minute < from + count; minute++)
    await history.write(minuteOf(day0Ms + minute * 60_000, { a: { b1: [value(minute), value(minute)] } }));
}

function read(history: History, farmId: string, fromMs: number, toMs: number): FarmSeries {
  const series: Result<FarmSeries | null> = history.read(farmId, fromMs, toMs);
  if (!series.ok || series.value === null) throw new Error(series.ok ? "nothing is kept" : series.error.detail);
  return series.value;
}
