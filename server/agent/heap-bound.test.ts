import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { createHeapBound, growthFlag } from "./heap-bound.ts";

const mb = 1024 * 1024;

test("a heap that became large is bounded, and one that is small again is left to itself", () => {
  const set: number[] = [];
  let usedMb = 20;
  const look = createHeapBound({ usedBytes: () => usedMb * mb, setGrowthPct: (pct) => set.push(pct) });
  for (const next of [20, 150, 170, 300, 130, 170, 90, 130]) {
    usedMb = next;
    look();
  }
  expect(set).toEqual([30, 0]);
});

test("V8 has the setting that bounds it", () => {
  expect(execFileSync(process.execPath, ["--v8-options"], { encoding: "utf8" })).toContain(`--${growthFlag} `);
});
