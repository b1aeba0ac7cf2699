import { describe, expect, it } from "vitest";
import { believedAfterMs, type Candidate, isPanic, panicWindowMs, staysPanic } from "./panic.ts";

const good: Candidate = { downAt: null, isOut: false };
const failedAt = (downAt: number): Candidate => ({ downAt, isOut: false });

describe("a panic", () => {
  it("begins when more than the set part fails within the window, and never with one alone", () => {
    const at = (count: number, of: number, pct: number) =>
      isPanic(
        Array.from({ length: of }, (_, each) => (each < count ? failedAt(95_000) : good)),
        pct,
        panicWindowMs(2000),
        100_000,
      );
    expect([at(2, 4, 50), at(3, 4, 50), at(1, 1, 50), at(2, 2, 50), at(2, 4, 49)]).toEqual([
      false,
      true,
      false,
      true,
      true,
    ]);
  });

  it("does not begin when they failed one after another", () => {
    const slowly = [failedAt(40_000), failedAt(50_000), failedAt(100_000), good];
    expect(isPanic(slowly, 50, panicWindowMs(2000), 100_000)).toBe(false);
    expect(isPanic(slowly, 50, panicWindowMs(20_000), 100_000)).toBe(true);
  });

  it("ends when enough answer again", () => {
    expect(staysPanic([failedAt(0), failedAt(0), good, good], 50, 1000)).toBe(false);
    expect(staysPanic([failedAt(0), failedAt(0), failedAt(0), good], 50, 1000)).toBe(true);
  });

  it("ends after a minute without another failure when somebody still answers; never while nobody does", () => {
    const most = [failedAt(0), failedAt(5000), failedAt(5000), good];
    expect(staysPanic(most, 50, 5000 + believedAfterMs - 1)).toBe(true);
    expect(staysPanic(most, 50, 5000 + believedAfterMs)).toBe(false);
    const all = most.map(({ downAt }) => failedAt(downAt ?? 0));
    expect(staysPanic(all, 50, 3_600_000)).toBe(true);
  });
});
