import { describe, expect, it } from "vitest";
import { type DynamicSettings, type Measured, steer, steeringFrom, stepRatioMax } from "./controller.ts";
import { seeded } from "./plants.testing.ts";
import { factorIn, type Row, readRow, type Steering } from "./steering.ts";

const settings: DynamicSettings = { floor: 0.1, ceiling: 2, gain: 1, reference: "others" };

function round(previous: Steering | null, costs: readonly (number | null)[], nowMs: number, weights?: number[]) {
  const measured = costs.map(
    (cost, at): Measured => ({ backendId: `b${at}`, weight: weights?.[at] ?? 100, cost, atMs: nowMs, staleMs: 5000 }),
  );
  return steer(previous, measured, nowMs, settings);
}

/** Rounds a second apart with the same costs, from the very beginning. */
function rounds(costs: readonly (number | null)[], count: number, weights?: number[]) {
  let steering = round(null, costs, 0, weights).steering;
  for (let at = 1; at < count; at++) steering = round(steering, costs, at * 1000, weights).steering;
  return steering;
}

const factor = (steering: Steering, at: number) => factorIn(steering.rows, at);

function rowOf({ rows }: Steering, at: number): Row {
  const nothing = { factor: 0, halfLifeMs: 0, sign: 0, leaning: 0, logCost: 0, lastLog: 0, noise: 0, seen: 0, atMs: 0 };
  const row: Row = { ...nothing, isFresh: false, relation: 0 };
  readRow(rows, at, row);
  return row;
}

describe("factors", () => {
  it("begin at 1 and stay there while the costs are alike", () => {
    const steering = rounds([10, 10.1, 9.9], 60);
    for (const at of [0, 1, 2]) expect(factor(steering, at)).toBe(1);
  });

  it("come all the way where a small difference stays, and not at once", () => {
    expect(factor(rounds([10, 10, 11], 15), 2)).toBe(1);
    expect(Math.abs(factor(rounds([10, 10, 11], 60), 2) - (10 / 11) ** (2 / 3))).toBeLessThan(0.01);
  });

  it("stay within a band as wide as chance makes the costs jump, and follow a backend that really is slower through it", () => {
    const noisy = (second: number, cost: number) => cost * (second % 2 === 0 ? 1.4 : 0.7);
    let steering = round(null, [10, 10], 0).steering;
    const moves: number[] = [];
    for (let second = 1; second < 120; second++) {
      const isSlow = second >= 90;
      const next = round(steering, [noisy(second, 10), noisy(second + 1, isSlow ? 50 : 10)], second * 1000);
      if (next.moved.length > 0) moves.push(second);
      steering = next.steering;
    }
    expect(Math.min(...moves)).toBeGreaterThanOrEqual(90);
    expect(Math.min(...moves)).toBeLessThanOrEqual(94);
    expect(factor(steering, 1) / factor(steering, 0)).toBeLessThan(0.4);
  });

  it("go down for the slow one, within the bounds, one step a second", () => {
    let steering = rounds([10, 10, 10], 2);
    for (let second = 2; second < 20; second++) {
      const next = round(steering, [10, 10, 100], second * 1000).steering;
      const ratio = factor(next, 2) / factor(steering, 2);
      expect(ratio).toBeLessThanOrEqual(1);
      expect(ratio).toBeGreaterThanOrEqual(1 / stepRatioMax - 1e-9);
      steering = next;
    }
    expect(factor(steering, 2)).toBeGreaterThanOrEqual(settings.floor);
    expect(factor(steering, 2)).toBeLessThan(0.3);
    expect(factor(steering, 0)).toBeLessThanOrEqual(settings.ceiling);
  });

  it("hold while a cost is stale, not known, or the only one", () => {
    const before = rounds([10, 40], 10);
    const stale = (backendId: string, atMs: number) => ({ backendId, weight: 100, cost: 10, atMs, staleMs: 5000 });
    const late = steer(before, [stale("b0", 12_000), stale("b1", 1000)], 12_000, settings);
    expect(late.moved).toEqual([]);
    expect(factor(late.steering, 1)).toBe(factor(before, 1));
    expect(rowOf(late.steering, 1).isFresh).toBe(false);
    expect(round(before, [10, null], 12_000).moved).toEqual([]);
  });

  describe("of the others, where one is not measured any more", () => {
    /** at rest with three that differ: 1.44, 1.44 and less than half */
    const rest = rounds([10, 10, 30], 90);
    const factors = (steering: Steering) => [0, 1, 2].map((at) => factor(steering, at));

    it("stay, whoever falls silent first and for however long", () => {
      for (const silent of [0, 1, 2]) {
        let steering = rest;
        for (let second = 90; second < 200; second++) {
          const costs = [10, 10, 30].map((cost, at) => (at === silent ? null : cost));
          steering = round(steering, costs, second * 1000).steering;
        }
        expect(factors(steering), `b${silent}`).toEqual(factors(rest));
      }
    });

    it("stay while one after the other falls silent, in any order, and when they come back as they were", () => {
      for (const order of ["012", "021", "102", "120", "201", "210"]) {
        let steering = rest;
        for (const second of [90, 91, 92, 93, 94, 95, 96]) {
          const isSilent = (at: number) => second < 94 && order.indexOf(`${at}`) <= second - 90;
          const costs = [10, 10, 30].map((cost, at) => (isSilent(at) ? null : cost));
          const next = round(steering, costs, second * 1000);
          expect(next.moved, `order ${order}, second ${second}`).toEqual([]);
          steering = next.steering;
        }
      }
    });

    it("move as if it still were measured as it was, in 300 seeded farms of any size", () => {
      for (let seed = 1; seed <= 300; seed++) {
        const random = seeded(seed);
        const backends = 3 + Math.floor(random() * 8);
        const costs = Array.from({ length: backends }, () => 5 + 60 * random());
        const weights = costs.map(() => 1 + Math.floor(300 * random()));
        // two of them are measured to the end; the rest of the way is gone while the others fall silent
        const silentFrom = costs.map((_, at) => (at < 2 ? Number.POSITIVE_INFINITY : 3 + Math.floor(30 * random())));
        let all = round(null, costs, 0, weights).steering;
        let some = all;
        for (let second = 1; second < 60; second++) {
          const known = costs.map((cost, at) => (second < (silentFrom[at] ?? 0) ? cost : null));
          all = round(all, costs, second * 1000, weights).steering;
          some = round(some, known, second * 1000, weights).steering;
          for (const [at, cost] of known.entries())
            if (cost !== null)
              expect(factor(some, at), `seed ${seed}, second ${second}`).toBeCloseTo(factor(all, at), 9);
        }
      }
    });

    it("go on by what is measured of them, and by nothing that is only old", () => {
      let steering = rest;
      // all have become three times slower, as far as anybody knows: no reason to favour who is not known
      for (let second = 90; second < 150; second++) steering = round(steering, [30, 30, null], second * 1000).steering;
      expect(factors(steering)).toEqual(factors(rest));
      for (let second = 150; second < 200; second++) steering = round(steering, [30, 90, null], second * 1000).steering;
      expect(factor(steering, 1) / factor(steering, 0)).toBeLessThan(0.5);
      expect(factor(steering, 2)).toBe(factor(rest, 2));
    });

    it("are compared among themselves where it never was measured", () => {
      const steering = rounds([10, 40, null], 60);
      expect(factor(steering, 0)).toBeCloseTo(factor(rounds([10, 40], 60), 0), 6);
      expect(factor(steering, 2)).toBe(1);
    });

    it("stay after a restart, until it is measured again too", () => {
      let steering = steeringFrom(new Map([0, 1, 2].map((at) => [`b${at}`, factor(rest, at)])), 90_000, settings);
      for (const second of [91, 92, 93]) {
        const next = round(steering, [10, 10, null], second * 1000);
        expect(next.moved).toEqual([]);
        steering = next.steering;
      }
      expect(round(steering, [10, 10, 30], 94_000).moved).toEqual([]);
    });
  });

  it("go on moving when the clock was set back", () => {
    const before = rounds([10, 40], 2);
    expect(round(before, [10, 40], -3_600_000).moved).not.toEqual([]);
  });

  it("move at most once a second, and a measurement read twice counts once", () => {
    const before = rounds([10, 40], 3);
    expect(round(before, [10, 40], 2400).moved).toEqual([]);
    const same = ["b0", "b1"].map((backendId) => ({ backendId, weight: 100, cost: 1, atMs: 2000, staleMs: 5000 }));
    const again = steer(before, same, 3100, settings);
    expect(rowOf(again.steering, 0).logCost).toBe(rowOf(before, 0).logCost);
  });

  it("compare by weight: a heavier backend sets more of the measure", () => {
    const even = rounds([10, 20], 20);
    const heavy = rounds([10, 20], 20, [900, 100]);
    expect(Math.abs(Math.log(factor(heavy, 0)))).toBeLessThan(Math.abs(Math.log(factor(even, 0))));
  });

  it("go on from where a restart found them, and forget what they knew before a gap", () => {
    const restored = steeringFrom(new Map([["b0", 1.4]]), 0, settings);
    const next = round(restored, [10, 10], 500);
    expect(next.moved).toEqual([]);
    expect(factor(next.steering, 0)).toBe(1.4);
    const gone = round(rounds([10, 80], 20), [null, null], 20_000).steering;
    const back = round(gone, [10, 10], 21_000).steering;
    expect(rowOf(back, 1).logCost).toBe(Math.log(10));
  });

  it("come within bounds that were set anew, at once", () => {
    const wide = rounds([10, 90], 30);
    expect(factor(round(wide, [10, 90], 30_000).steering, 0)).toBeGreaterThan(1.2);
    const measured = ["b0", "b1"].map((backendId) => ({ backendId, weight: 1, cost: null, atMs: 0, staleMs: 1 }));
    const narrow = steer(wide, measured, 31_000, { ...settings, floor: 0.9, ceiling: 1.1 });
    expect(factor(narrow.steering, 0)).toBe(1.1);
    expect(factor(narrow.steering, 1)).toBe(0.9);
    expect(narrow.moved).toEqual([0, 1]);
  });

  it("follow a wish by itself, also of a single backend", () => {
    let steering: Steering | null = null;
    const wish: DynamicSettings = { ...settings, reference: "one" };
    for (let second = 0; second < 12; second++) {
      const one = { backendId: "b0", weight: 7, cost: 100 / 40, atMs: second * 1000, staleMs: 5000 };
      steering = steer(steering, [one], second * 1000, wish).steering;
    }
    expect(factorIn(steering?.rows ?? [], 0)).toBeCloseTo(0.4, 1);
  });
});
