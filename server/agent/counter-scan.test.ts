import { expect, test } from "vitest";
import { scanCounters } from "./counter-scan.ts";

const listing = (elements: string) =>
  `{"nftables": [{"metainfo": {"version": "1.0.6"}}, {"map": {"family": "inet", "name": "be4", "elem": [${elements}], "stmt": [{"counter": null}]}}]}\n`;
const element = (mark: number, packets: number, bytes: number) =>
  `[{"elem": {"val": ${mark}, "counter": {"packets": ${packets}, "bytes": ${bytes}}}}, {"concat": ["10.0.0.1", 80]}]`;

test("each element's counters are read by backend id, marks of others left out", async () => {
  const json = listing([element(0x51000001, 3, 180), element(0x51000002, 0, 0), element(5, 9, 9)].join(", "));
  const counters = await scanCounters(json, 0x51, () => Promise.resolve());
  expect([...counters]).toEqual([
    [1, { packets: 3, bytes: 180 }],
    [2, { packets: 0, bytes: 0 }],
  ]);
});

test("an empty map has no counters", async () => {
  expect((await scanCounters(listing(""), 0x51, () => Promise.resolve())).size).toBe(0);
});

test("other work goes on while 10,000 elements are read", async () => {
  const json = listing(Array.from({ length: 10_000 }, (_, at) => element(0x51000001 + at, at, at)).join(", "));
  let pauses = 0;
  const counters = await scanCounters(json, 0x51, async () => {
    pauses += 1;
  });
  expect(counters.size).toBe(10_000);
  expect(pauses).toBe(4);
});

test("elements that the kernel forgets by itself are read like others", async () => {
  const json = listing(
    '{"elem": {"val": 1358954607, "timeout": 86400, "expires": 86399, "counter": {"packets": 7, "bytes": 420}}}',
  );
  expect([...(await scanCounters(json, 0x51, () => Promise.resolve()))]).toEqual([[111, { packets: 7, bytes: 420 }]]);
});
