import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { createHeapBound, growthFlag } from "./heap-bound.ts";

test("a heap in which much is alive is bounded, and one with little is left to itself", () => {
  const set: number[] = [];
  const bound = createHeapBound((pct) => set.push(pct));
  for (const aliveMb of [20, 110, 130, 300, 100, 125, 80, 110]) bound(aliveMb * 1024 * 1024);
  expect(set).toEqual([20, 0]);
});

test("V8 has the setting that bounds it", () => {
  expect(execFileSync(process.execPath, ["--v8-options"], { encoding: "utf8" })).toContain(`--${growthFlag} `);
});
