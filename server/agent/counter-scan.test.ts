import { expect, test } from "vitest";
import { scanCounters } from "./counter-scan.ts";
import type { CounterTable } from "./counter-table.ts";

const listing = (elements: string) =>
  `{"nftables": [{"metainfo": {"version": "1.0.6"}}, {"map": {"family": "inet", "name": "be4", "elem": [${elements}], "stmt": [{"counter": null}]}}]}\n`;
const element = (mark: number, packets: number, bytes: number) =>
  `[{"elem": {"val": ${mark}, "counter": {"packets": ${packets}, "bytes": ${bytes}}}}, {"concat": ["10.0.0.1", 80]}]`;

const read = (counters: CounterTable, ids: readonly number[]) =>
  ids.map((id) => [counters.packets(id), counters.bytes(id)]);

test("each element's counters are read by backend id, marks of others left out", async () => {
  const json = listing([element(0x51000001, 3, 180), element(0x51000002, 0, 0), element(5, 9, 9)].join(", "));
  const counters = await scanCounters(json, 0x51, () => Promise.resolve());
  expect(read(counters, [1, 2, 5])).toEqual([
    [3, 180],
    [0, 0],
    [null, null],
  ]);
});

test("an empty map has no counters", async () => {
  const counters = await scanCounters(listing(""), 0x51, () => Promise.resolve());
  expect(read(counters, [0])).toEqual([[null, null]]);
});

test("other work goes on while 10,000 elements are read", async () => {
  const json = listing(Array.from({ length: 10_000 }, (_, at) => element(0x51000001 + at, at, at)).join(", "));
  let pauses = 0;
  const counters = await scanCounters(json, 0x51, async () => {
    pauses += 1;
  });
  expect(read(counters, [1, 5000, 10_000, 10_001])).toEqual([
    [0, 0],
    [4999, 4999],
    [9999, 9999],
    [null, null],
  ]);
  expect(pauses).toBe(4);
});

test("elements that the kernel forgets by itself are read like others", async () => {
  const json = listing(
    '{"elem": {"val": 1358954607, "timeout": 86400, "expires": 86399, "counter": {"packets": 7, "bytes": 420}}}',
  );
  expect(read(await scanCounters(json, 0x51, () => Promise.resolve()), [111])).toEqual([[7, 420]]);
});
