import { expect, test } from "vitest";
import { CounterTable } from "./counter-table.ts";

const ids = [0, 1, 31, 32, 1000, 0xfffff0];
const full = CounterTable.of(ids.map((id) => [id, { packets: id + 1, bytes: 10 * id }] as const));

test("each number has its own counters, however far apart, and what was not counted has none", () => {
  expect(ids.map((id) => [full.packets(id), full.bytes(id)])).toEqual(ids.map((id) => [id + 1, 10 * id]));
  expect([2, 30, 33, 0xffffef].flatMap((id) => [full.packets(id), full.bytes(id)])).toEqual(Array(8).fill(null));
});

test("a second listing counts where both have a number", () => {
  const table = CounterTable.of([
    [1, { packets: 5, bytes: 50 }],
    [2, { packets: 6, bytes: 60 }],
  ]);
  table.add(CounterTable.of([[2, { packets: 7, bytes: 0 }]]));
  table.add(CounterTable.of([[64, { packets: 8, bytes: 80 }]]));
  expect([1, 2, 64].map((id) => [table.packets(id), table.bytes(id)])).toEqual([
    [5, 50],
    [7, 0],
    [8, 80],
  ]);
});

test("fallen is what counted less than before; what is new or gone did not fall", () => {
  const before = CounterTable.of([
    [1, { packets: 5, bytes: 50 }],
    [2, { packets: 6, bytes: 60 }],
  ]);
  const later = (packets: number) =>
    CounterTable.of([
      [1, { packets, bytes: 0 }],
      [3, { packets: 0, bytes: 0 }],
    ]);
  expect([4, 5, 6].map((packets) => later(packets).hasFallen(before))).toEqual([true, false, false]);
});
