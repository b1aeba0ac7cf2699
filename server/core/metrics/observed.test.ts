import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bandHalfPct, connectionsFor, type ObservedInput, observedShare, sharesAreGoal } from "./observed.ts";

const input = (more: Partial<ObservedInput>): ObservedInput => ({
  plannedPct: 50,
  backendConnections: 500,
  connections: 1000,
  sinceMs: 10_000,
  isGoal: false,
  ...more,
});

describe("observed share", () => {
  test("the band is the binomial 95 % band: 2 points at 50 % take about 2,400 connections, at 10 % about 870", () => {
    expect(connectionsFor(50, 2)).toBe(2401);
    expect(connectionsFor(10, 2)).toBe(865);
    expect(bandHalfPct(50, 2401)).toBeCloseTo(2, 3);
  });

  test("about 95 % of binomial outcomes lie in the band", () => {
    for (const { p, n } of [
      { p: 0.5, n: 400 },
      { p: 0.1, n: 900 },
      { p: 2 / 3, n: 250 },
    ]) {
      const inside = binomial(p, n)
        .map((chance, k) => ({
          chance,
          verdict: observedShare(input({ plannedPct: p * 100, backendConnections: k, connections: n }))?.verdict,
        }))
        .filter(({ verdict }) => verdict === "in-band")
        .reduce((sum, { chance }) => sum + chance, 0);
      expect(inside).toBeGreaterThan(0.935);
      expect(inside).toBeLessThan(0.965);
    }
  });

  test("with few connections it does not judge", () => {
    expect(observedShare(input({ backendConnections: 19, connections: 19, plannedPct: 1 }))?.verdict).toBe("few");
    expect(observedShare(input({ backendConnections: 90, connections: 90 }))?.verdict).toBe("few");
    expect(observedShare(input({ backendConnections: 100, connections: 100 }))?.verdict).toBe("out-of-band");
  });

  test("a share of no connections is null, not zero", () => {
    expect(observedShare(input({ backendConnections: 0, connections: 0 }))).toBeNull();
  });

  test("a backend planned for nothing is in its band only with nothing", () => {
    expect(observedShare(input({ plannedPct: 0, backendConnections: 0 }))?.verdict).toBe("in-band");
    expect(observedShare(input({ plannedPct: 0, backendConnections: 1 }))?.verdict).toBe("out-of-band");
  });

  test("the band narrows with more connections and never leaves 0..100", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100, noNaN: true }), fc.integer({ min: 1, max: 1e6 }), (pct, n) => {
        expect(bandHalfPct(pct, n + 1)).toBeLessThanOrEqual(bandHalfPct(pct, n));
        expect(bandHalfPct(pct, n)).toBeGreaterThanOrEqual(0);
        expect(bandHalfPct(pct, n)).toBeLessThanOrEqual(100);
      }),
    );
  });

  test("hashing, least-* and stickiness make the share a goal that is not judged", () => {
    expect(sharesAreGoal({ scheduler: "weighted", persistence: null })).toBe(false);
    expect(sharesAreGoal({ scheduler: "source-hash", persistence: null })).toBe(true);
    expect(sharesAreGoal({ scheduler: "least-connections", persistence: null })).toBe(true);
    const persistence = { by: "source-address", timeoutS: 120, prefixV4: 32, prefixV6: 64, size: null } as const;
    expect(sharesAreGoal({ scheduler: "weighted", persistence })).toBe(true);
    expect(observedShare(input({ backendConnections: 900, isGoal: true }))?.verdict).toBe("goal");
  });
});

/** Chance of each outcome 0..n, by logarithms so that nothing underflows. */
function binomial(p: number, n: number): number[] {
  let logChoose = 0;
  return Array.from({ length: n + 1 }, (_, k) => {
    if (k > 0) logChoose += Math.log(n - k + 1) - Math.log(k);
    return Math.exp(logChoose + k * Math.log(p) + (n - k) * Math.log(1 - p));
  });
}
