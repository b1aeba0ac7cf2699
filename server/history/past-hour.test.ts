import { afterEach, beforeEach, expect, it } from "vitest";
import type { FarmWord } from "../core/farm/types.ts";
import type { PastHours } from "../core/metrics/past-hour.ts";
import { day0Ms, hourMs, makeHistory, minuteOf, type TestHistory } from "./minutes.testing.ts";

let made: TestHistory;
beforeEach(() => {
  made = makeHistory();
});
afterEach(() => made.end());

const minuteMs = 60_000;

async function write(minute: number, newPerS: number | null, word: FarmWord | null): Promise<void> {
  const backends = { b1: [newPerS, 1], b2: [newPerS, 2] } as const;
  await made.history.write(minuteOf(day0Ms + minute * minuteMs, { a: backends }, null, [null, null, null, null], word));
}

async function read(nowMs: number): Promise<PastHours> {
  const read = await made.history.pastHours(["a", "never"], nowMs);
  if (!read.ok) throw new Error(read.error.detail);
  return read.value;
}

it("the last hour has each minute's traffic of all backends and worst state, over the end of an hour and its packing", async () => {
  for (let minute = 30; minute < 70; minute++)
    if (minute !== 65) await write(minute, minute, minute < 50 ? "up" : "problem");
  const nowMs = day0Ms + 70 * minuteMs + 5000;
  const before = await read(nowMs);
  expect(before.toMs).toBe(day0Ms + 70 * minuteMs);
  const [farm, never] = before.farms;
  // from minute 10 to minute 69
  expect([farm?.newPerS.length, farm?.newPerS[19], farm?.newPerS[20], farm?.newPerS[59]]).toEqual([60, null, 60, 138]);
  expect([farm?.newPerS[55], farm?.words[55], farm?.active[54]]).toEqual([null, null, 3]);
  expect([farm?.words[19], farm?.words[20], farm?.words[39], farm?.words[40]]).toEqual([null, "up", "up", "problem"]);
  expect(never?.words.every((word) => word === null)).toBe(true);
  await made.history.tidy();
  expect(await read(nowMs)).toEqual(before);
});

it("a minute that is not taken over yet is no gap; an agent that is away is one", async () => {
  for (let minute = 0; minute < 3; minute++) await write(minute, 1, "up");
  const last = async (nowMs: number) => (await read(nowMs)).farms[0]?.words.slice(-2);
  expect(await last(day0Ms + 4.9 * minuteMs)).toEqual(["up", "up"]);
  expect(await last(day0Ms + 6 * minuteMs)).toEqual([null, null]);
  const later = await read(day0Ms + 30 * hourMs);
  expect([later.toMs, later.farms[0]?.words.some((word) => word !== null)]).toEqual([day0Ms + 30 * hourMs, false]);
});

it("what was kept before states were kept has its traffic and no state", async () => {
  await write(0, 5, null);
  const farm = (await read(day0Ms + minuteMs)).farms[0];
  expect([farm?.newPerS[59], farm?.words[59]]).toEqual([10, null]);
});
