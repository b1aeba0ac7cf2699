import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LiveEvent } from "../core/metrics/live.ts";
import { openEventFile } from "./event-file.ts";
import { eventsMax } from "./events.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-events-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const event = (seq: number): LiveEvent => ({
  ...{ seq, at: 1000 + seq, kind: "down", farmId: "f", backendId: "b", revision: null },
  text: `b is down: refused, "${seq}"`,
});

async function live(bootId: string, events: number) {
  const file = openEventFile(folder, bootId);
  for (let seq = 1; seq <= events; seq++) file.add(event(seq));
  await file.settled();
  return file.former;
}

test("what happened in former lives is there in the next ones, each event with the life it belongs to", async () => {
  expect(await live("one", 2)).toEqual([]);
  expect(await live("two", 1)).toEqual([{ bootId: "one", events: [event(1), event(2)] }]);
  expect(await live("three", 0)).toEqual([
    { bootId: "one", events: [event(1), event(2)] },
    { bootId: "two", events: [event(1)] },
  ]);
});

test("a torn line costs itself and what is no event; a folder that is gone costs nothing else", async () => {
  await live("one", 2);
  appendFileSync(join(folder, "events.log"), '{"bootId":"one","seq":3,"at":10');
  expect(openEventFile(folder, "two").former[0]?.events).toHaveLength(2);
  appendFileSync(join(folder, "events.log"), '\n{"bootId":"two","seq":1,"at":9,"kind":"nonsense"}\nnull\n');
  await live("three", 1);
  expect(openEventFile(folder, "four").former.map(({ bootId }) => bootId)).toEqual(["one", "three"]);
  const nowhere = openEventFile(join(folder, "gone"), "five");
  nowhere.add(event(1));
  await nowhere.settled();
  expect(nowhere.former).toEqual([]);
});

test("a folder that is made after the first event has them all", async () => {
  const later = join(folder, "later");
  const file = openEventFile(later, "one");
  file.add(event(1));
  await file.settled();
  mkdirSync(later);
  file.add(event(2));
  await file.settled();
  file.add(event(3));
  await file.settled();
  expect(openEventFile(later, "two").former).toEqual([{ bootId: "one", events: [event(1), event(2), event(3)] }]);
});

test("only the newest are kept, however many there were, and the file has a bound", async () => {
  const file = openEventFile(folder, "one");
  for (let seq = 1; seq <= 12 * eventsMax; seq++) {
    file.add(event(seq));
    if (seq % 500 === 0) await file.settled();
  }
  await file.settled();
  const lines = readFileSync(join(folder, "events.log"), "utf8").trim().split("\n").length;
  expect(lines).toBeLessThan(11 * eventsMax);
  const [life] = openEventFile(folder, "two").former;
  expect([life?.events.length, life?.events.at(-1)?.seq]).toEqual([eventsMax, 12 * eventsMax]);
});
