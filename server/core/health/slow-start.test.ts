import { expect, test } from "vitest";
import { testFarm } from "../farm/farm-fixture.ts";
import { durationWords } from "./duration.ts";
import { slowStartElapsedMs, slowStartFactor } from "./slow-start.ts";

const farm = (more: Record<string, unknown> = {}) =>
  testFarm(1, [{ address: "10.0.0.1" }], { failover: { slowStartS: 30 }, ...more });

test("the share of a backend that came up grows from a tenth to the whole, never back", () => {
  const factors = Array.from({ length: 40 }, (_, second) => slowStartFactor(farm(), 1000, 1000 + second * 1000));
  expect(factors[0]).toBeCloseTo(0.1);
  expect(factors[15]).toBeCloseTo(0.55);
  expect(factors.slice(30)).toEqual(factors.slice(30).map(() => 1));
  for (const [at, factor] of factors.entries()) if (at > 0) expect(factor).toBeGreaterThanOrEqual(factors[at - 1] ?? 0);
});

test("a farm without slow start gives the whole at once; one that hashes moves its clients in ten steps", () => {
  expect(slowStartFactor(farm({ failover: {} }), 0, 0)).toBe(1);
  const steps = Array.from({ length: 30 }, (_, s) => slowStartFactor(farm({ scheduler: "maglev" }), 0, s * 1000));
  expect(new Set(steps).size).toBe(10);
});

test("a restart goes on where the share was", () => {
  for (const second of [0, 7, 29]) {
    const factor = slowStartFactor(farm(), 0, second * 1000);
    expect(slowStartElapsedMs(30, factor)).toBeCloseTo(second * 1000, 3);
  }
});

test("lengths of time are said by their two largest units", () => {
  const said = [0, 400, 45_000, 130_000, 3_600_000, 11_100_000, 180_000_000].map(durationWords);
  expect(said).toEqual(["0 s", "0 s", "45 s", "2 min 10 s", "1 h", "3 h 5 min", "2 d 2 h"]);
});
