import { describe, expect, it } from "vitest";
import { connections, machines, type Plant, queues, seeded, simulate, swingPct } from "./plants.testing.ts";

const scenarios = process.env.SLUICE_LONG === "1" ? 20_000 : 1000;

/** Three equal backends of each kind, of a middling load. */
const threeAlike: Readonly<Record<string, (seed: number) => Plant>> = {
  "time to answer": (seed) => queues([10, 10, 10], 120, 0.2, seeded(seed)),
  "time to answer, half as much again by chance": (seed) => queues([10, 10, 10], 120, 0.5, seeded(seed)),
  "time to answer, nearly idle": (seed) => queues([10, 10, 10], 20, 0.2, seeded(seed)),
  "open connections": (seed) => connections(3, 1200, 0.25, seeded(seed)),
  "connections that last": (seed) => connections(3, 150, 2, seeded(seed)),
  load: (seed) => machines([50, 50, 50], 5, 10, seeded(seed)),
};

describe.each(Object.entries(threeAlike))("three equal backends by %s", (_, plantOf) => {
  it("stay within 3 points of equal", () => {
    for (let seed = 1; seed <= 20; seed++)
      for (const shares of simulate(plantOf(seed), 120))
        for (const share of shares) expect(Math.abs(share - 1 / 3), `seed ${seed}`).toBeLessThan(0.03);
  });
});

/** connections that last tell late, and a machine is never seen busier than at 100 % */
const slowPlants = Object.entries(threeAlike).filter(([name]) => !["connections that last", "load"].includes(name));

describe.each(slowPlants)("one of three that becomes five times slower by %s", (_, plantOf) => {
  const slow = (second: number) => (second >= 40 && second < 80 ? [5] : []);

  it("keeps less than half its part within 10 s, and comes back with at most 20 % more", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const shares = simulate(plantOf(seed), 140, slow).map(([first = 0]) => first);
      expect(Math.min(...shares.slice(40, 51)), `seed ${seed}`).toBeLessThan(1 / 6);
      const after = shares.slice(80);
      expect(Math.max(...after), `seed ${seed}`).toBeLessThanOrEqual(0.4);
      expect(after.at(-1), `seed ${seed}`).toBeGreaterThan(0.28);
    }
  });
});

describe("a machine that becomes five times slower", () => {
  it("is relieved until it is no busier than it has to be", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const plant = machines([30, 30, 30], 5, 10, seeded(seed));
      const trace = simulate(plant, 80, (second) => (second >= 40 ? [5] : []));
      const [slow = 1] = trace.at(-1) ?? [];
      // its part would be 155 %
      expect(5 + 30 * 3 * 5 * slow, `seed ${seed}`).toBeLessThan(100);
      expect(slow).toBeGreaterThan(0.1);
    }
  });
});

describe("any farm", () => {
  it(`does not swing, in ${scenarios} seeded scenarios`, () => {
    for (let seed = 1; seed <= scenarios; seed++) {
      const trace = simulate(anyPlant(seed), 90);
      expect(swingPct(trace, 60), `scenario ${seed}`).toBeLessThan(8);
    }
  }, 600_000);
});

function anyPlant(seed: number): Plant {
  const random = seeded(seed * 7919);
  const backends = 2 + Math.floor(random() * 5);
  const between = (from: number, to: number) => from + random() * (to - from);
  const each = (from: number, to: number) => Array.from({ length: backends }, () => between(from, to));
  if (seed % 3 === 0) return machines(each(5, 120), between(0, 20), between(0, 15), random);
  if (seed % 3 === 1) return connections(backends, between(1, 3000), Math.exp(between(-3, 3.5)), random);
  const serviceMs = each(2, 40);
  const capacity = serviceMs.reduce((sum, ms) => sum + 1000 / ms, 0);
  return queues(serviceMs, capacity * between(0.1, 0.6), 0.25, random);
}
