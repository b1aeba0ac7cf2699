import { describe, expect, it } from "vitest";
import { type DynamicSettings, type Measured, type Steering, steer, steeringFrom, stepRatioMax } from "./controller.ts";

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

const factor = (steering: Steering, at: number) => steering.backends.get(`b${at}`)?.factor ?? Number.NaN;

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
    expect(late.steering.backends.get("b1")?.isFresh).toBe(false);
    expect(round(before, [10, null], 12_000).moved).toEqual([]);
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
    expect(again.steering.backends.get("b0")?.logCost).toBe(before.backends.get("b0")?.logCost);
  });

  it("compare by weight: a heavier backend sets more of the measure", () => {
    const even = rounds([10, 20], 20);
    const heavy = rounds([10, 20], 20, [900, 100]);
    expect(Math.abs(Math.log(factor(heavy, 0)))).toBeLessThan(Math.abs(Math.log(factor(even, 0))));
  });

  it("go on from where a restart found them, and forget what they knew before a gap", () => {
    const restored = steeringFrom(new Map([["b0", 1.4]]), 0);
    const next = round(restored, [10, 10], 500);
    expect(next.moved).toEqual([]);
    expect(factor(next.steering, 0)).toBe(1.4);
    const gone = round(rounds([10, 80], 20), [null, null], 20_000).steering;
    const back = round(gone, [10, 10], 21_000).steering;
    expect(back.backends.get("b1")?.logCost).toBe(Math.log(10));
  });

  it("come within bounds that were set anew, at once", () => {
    const wide = rounds([10, 90], 30);
    const [first] = round(wide, [10, 90], 30_000).steering.backends.values();
    expect(first?.factor).toBeGreaterThan(1.2);
    const measured = ["b0", "b1"].map((backendId) => ({ backendId, weight: 1, cost: null, atMs: 0, staleMs: 1 }));
    const narrow = steer(wide, measured, 31_000, { ...settings, floor: 0.9, ceiling: 1.1 });
    expect(factor(narrow.steering, 0)).toBe(1.1);
    expect(factor(narrow.steering, 1)).toBe(0.9);
    expect(narrow.moved).toEqual(["b0", "b1"]);
  });

  it("follow a wish by itself, also of a single backend", () => {
    let steering: Steering | null = null;
    const wish: DynamicSettings = { ...settings, reference: "one" };
    for (let second = 0; second < 12; second++) {
      const one = { backendId: "b0", weight: 7, cost: 100 / 40, atMs: second * 1000, staleMs: 5000 };
      steering = steer(steering, [one], second * 1000, wish).steering;
    }
    expect(steering?.backends.get("b0")?.factor).toBeCloseTo(0.4, 1);
  });
});
