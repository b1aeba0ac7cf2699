import { expect, test } from "vitest";
import { createConntrackFill } from "./conntrack-fill.ts";

function setUp() {
  const texts: string[] = [];
  const fill = createConntrackFill({ add: ({ text }) => void texts.push(text) });
  return { texts, at: (conntrackUsed: number | null) => fill({ conntrackUsed, conntrackMax: 100 }) };
}

test("each level is told once when it is reached, and once when it is well below again", () => {
  const { texts, at } = setUp();
  for (const used of [10, 79, 80, 79, 81, 76, 96, 91, 95, 89, 60]) at(used);
  expect(texts.map((text) => text.split(" (")[0])).toEqual([
    "Connection tracking is 80 % full",
    "Connection tracking is 96 % full",
    "Connection tracking is at 89 % again",
    "Connection tracking is at 60 % again",
  ]);
});

test("a jump over both levels is one event; what cannot be read is none", () => {
  const { texts, at } = setUp();
  at(99);
  at(null);
  expect(texts).toHaveLength(1);
});
