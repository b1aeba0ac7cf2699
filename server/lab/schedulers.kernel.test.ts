import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Farm } from "../core/farm/types.ts";
import { chiSquare, criticalValue } from "./chi-square.ts";
import { FarmCalls, makeFarm } from "./farm-calls.ts";
import { type OpenLab, openLab } from "./open-lab.ts";

const vip = "192.168.0.60";
const names = ["web-1", "web-2", "web-3"];
let lab: OpenLab;
let farms: FarmCalls;

beforeAll(async () => {
  lab = await openLab({ clients: false, farms: [], backends: 3 });
  farms = new FarmCalls(lab.socket);
  await lab.exec("balancer", ["ip", "addr", "add", `${vip}/32`, "dev", "front"]);
});
afterAll(() => lab.close());

function farmWith(scheduler: string, weights: readonly number[]): Farm {
  const backends = weights.map((weight, i) => ({ address: `192.168.100.${10 + i}`, port: 80, weight }));
  return makeFarm({ name: `by-${scheduler}`, addresses: [vip], scheduler, backends });
}

/** Requests that reached each backend, counted there. */
async function distribution(count: number): Promise<number[]> {
  const before = await lab.counters();
  const report = await lab.connect({ address: vip, port: 80, count });
  expect(report.failed).toBe(0);
  const after = await lab.counters();
  const host = `${vip}:80`;
  return names.map((name) => (after[name]?.byHost[host] ?? 0) - (before[name]?.byHost[host] ?? 0));
}

async function whileServing(farm: Farm, check: () => Promise<void>): Promise<void> {
  await farms.put(farm);
  try {
    await check();
  } finally {
    await farms.remove(farm.id);
  }
}

describe("new connections reach the backends in the planned shares", () => {
  test("round-robin gives each backend the same, whatever its weight", () =>
    whileServing(farmWith("round-robin", [100, 50, 1]), async () => {
      const counts = await distribution(900);
      expect(counts.reduce((sum, count) => sum + count)).toBe(900);
      for (const count of counts) expect(Math.abs(count - 300)).toBeLessThanOrEqual(1);
    }));

  test("weighted follows 100:50:10", () =>
    whileServing(farmWith("weighted", [100, 50, 10]), async () => {
      const counts = await distribution(1600);
      expect(counts).toHaveLength(3);
      for (const [i, planned] of [1000, 500, 100].entries())
        expect(Math.abs((counts[i] ?? 0) - planned)).toBeLessThanOrEqual(2);
    }));

  test("random follows 3:2:1 as chance would (chi-square)", () =>
    whileServing(farmWith("random", [300, 200, 100]), async () => {
      const counts = await distribution(3000);
      expect(chiSquare(counts, [3, 2, 1])).toBeLessThan(criticalValue(3));
      // and is not round-robin in disguise: exact parts come by chance once in three thousand times, but not twice
      expect([counts, await distribution(3000)]).not.toEqual(Array(2).fill([1500, 1000, 500]));
    }));

  test.each(["least-connections", "least-response", "least-load"])(
    "%s follows the weights until something is measured",
    (scheduler) =>
      whileServing(farmWith(scheduler, [100, 50, 10]), async () => {
        for (const [i, count] of (await distribution(320)).entries())
          expect(Math.abs(count - ([200, 100, 20][i] ?? 0))).toBeLessThanOrEqual(2);
      }),
  );

  test("a backend of weight 0 gets no new connection", () =>
    whileServing(farmWith("weighted", [10, 0, 10]), async () => {
      expect((await distribution(200))[1]).toBe(0);
    }));

  test("new weights hold from the next connection on", async () => {
    const farm = farmWith("weighted", [100, 100, 100]);
    await whileServing(farm, async () => {
      await farms.weights(farm, [300, 100, 0]);
      const counts = await distribution(800);
      expect(counts[2]).toBe(0);
      expect(Math.abs((counts[0] ?? 0) - 600)).toBeLessThanOrEqual(2);
    });
  });
});
