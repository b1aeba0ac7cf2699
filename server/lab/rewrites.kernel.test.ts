import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Farm } from "../core/farm/types.ts";
import { FarmCalls, makeFarm } from "./farm-calls.ts";
import { type OpenLab, openLab } from "./open-lab.ts";

const isLong = process.env.SLUICE_LONG === "1";
/** the long run does everything five times */
const times = isLong ? 5 : 1;
const limitMs = times * 180_000;
let lab: OpenLab;
let farms: FarmCalls;

beforeAll(async () => {
  lab = await openLab({ clients: false, farms: [] });
  farms = new FarmCalls(lab.socket);
});
afterAll(() => lab.close());

async function putFarm(name: string, vip: string): Promise<Farm> {
  const backends = [
    { address: "192.168.100.10", port: 80, weight: 100 },
    { address: "192.168.100.11", port: 80, weight: 50 },
  ];
  const farm = makeFarm({ name, addresses: [vip], scheduler: "weighted", backends });
  await farms.put(farm);
  return farm;
}

/** Traffic for as long as `work` takes: short waves, one after the other, added up. */
async function underLoad(vip: string, ratePerS: number, work: () => Promise<void>) {
  const total = { answered: new Map<string, number>(), failed: 0, errors: new Set<string>() };
  let isDone = false;
  const traffic = async () => {
    while (!isDone) {
      const wave = await lab.connect({ address: vip, port: 80, durationMs: 500, concurrency: 16, ratePerS });
      for (const [name, count] of Object.entries(wave.answered))
        total.answered.set(name, (total.answered.get(name) ?? 0) + count);
      total.failed += wave.failed;
      for (const error of Object.keys(wave.errors)) total.errors.add(error);
    }
  };
  const running = traffic();
  await work().finally(() => {
    isDone = true;
  });
  await running;
  return total;
}

describe("rewriting weights while connections come in", () => {
  test(
    `${500 * times} rewrites under load lose no connection`,
    async () => {
      const farm = await putFarm("steady", "192.168.0.40");
      const total = await underLoad("192.168.0.40", 400, async () => {
        for (let i = 0; i < 500 * times; i++)
          await farms.weights(farm, [1 + ((i * 37) % 1000), 1 + ((i * 101) % 1000)]);
      });
      expect([...total.errors]).toEqual([]);
      expect(total.failed).toBe(0);
      expect((total.answered.get("web-1") ?? 0) + (total.answered.get("web-2") ?? 0)).toBeGreaterThan(500);
    },
    limitMs,
  );

  test(
    `${1000 * times} rewrites alternating two moduli stay within 3 points of the plan`,
    async () => {
      const farm = await putFarm("alternating", "192.168.0.41");
      // 100:50 is three slots, 100:51 is 151: each rewrite replaces the scheduler rule, whose generator begins again at 0
      const total = await underLoad("192.168.0.41", 300, async () => {
        for (let i = 0; i < 1000 * times; i++) await farms.weights(farm, [100, i % 2 === 0 ? 51 : 50]);
      });
      const first = total.answered.get("web-1") ?? 0;
      const all = first + (total.answered.get("web-2") ?? 0);
      const plannedPct = (100 * (100 / 150 + 100 / 151)) / 2;
      expect(total.failed).toBe(0);
      expect(all).toBeGreaterThan(1000);
      expect(Math.abs((100 * first) / all - plannedPct)).toBeLessThan(3);
    },
    limitMs,
  );
});
