import { afterEach, beforeEach, expect, it } from "vitest";
import { sampleFarm } from "../core/change/sample.testing.ts";
import type { MinuteRow } from "../core/metrics/minutes.ts";
import { createCollector } from "./collect-minutes.ts";
import { readSeries } from "./read-series.ts";
import { saveFarm } from "./save-farm.ts";
import { makeWorld, operator, viewer, type World } from "./world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
  world.clock.ms = day0Ms;
});
afterEach(() => world.end());

const day0Ms = 20_000 * 86_400_000;
const dayS = 86_400;
const shop = sampleFarm(1, [{}]);
const [backend] = shop.backends;

it("what was missed while web was away is asked for by cursor; what the agent no longer has stays a gap", async () => {
  const { agent, deps, clock } = world;
  agent.remember([minute(0), minute(1)]);
  expect(await createCollector(deps).run()).toEqual({ ok: true, value: 2 });
  // web is away for four hours, the agent remembers the last of them only
  agent.remember([minute(238), minute(239)]);
  const after: number[] = [];
  const asked = {
    ...deps.agent,
    minutes: (ms: number, limit: number) => {
      after.push(ms);
      return deps.agent.minutes(ms, limit);
    },
  };
  expect(await createCollector({ ...deps, agent: asked }).run()).toEqual({ ok: true, value: 2 });
  expect(after).toEqual([day0Ms + 60_000]);
  clock.ms = day0Ms + 6 * 3600_000;
  const series = await readSeries(viewer, shop.id, dayS, deps);
  if (!series.ok) throw new Error(series.error.text);
  const values = series.value.backends[0]?.newPerS ?? [];
  expect(series.value.atMs.length).toBeLessThanOrEqual(120);
  expect(values.filter((value) => value !== null)).toEqual([12, 12]);
});

it("a long absence is taken over in several answers, and nothing is taken twice", async () => {
  const { agent, deps } = world;
  agent.remember(Array.from({ length: 75 }, (_, index) => minute(index)));
  const collector = createCollector(deps);
  expect(await Promise.all([collector.run(), collector.run()])).toEqual([
    { ok: true, value: 75 },
    { ok: true, value: 75 },
  ]);
  expect(await collector.run()).toEqual({ ok: true, value: 0 });
});

it("a balancer whose clock was set back is followed from its new time on", async () => {
  const { agent, deps } = world;
  agent.remember([minute(600)]);
  await createCollector(deps).run();
  agent.remember([minute(1)]);
  await createCollector(deps).run();
  agent.remember([minute(1), minute(2)]);
  expect(await createCollector(deps).run()).toEqual({ ok: true, value: 1 });
});

it("long ranges are read while the agent is away; an agent without an answer changes nothing", async () => {
  const { agent, deps, clock } = world;
  agent.remember([minute(0)]);
  await createCollector(deps).run();
  agent.switches.isDown = true;
  expect(await createCollector(deps).run()).toMatchObject({ error: { code: "agent-down" } });
  clock.ms = day0Ms + 600_000;
  expect(await readSeries(viewer, shop.id, 7 * dayS, deps)).toMatchObject({ ok: true });
  expect(await readSeries(viewer, shop.id, 300, deps)).toMatchObject({ ok: false });
});

it("a farm that has no ended minute yet is a history of nothing known, one there never was is not found", async () => {
  expect(await readSeries(viewer, shop.id, dayS, world.deps)).toMatchObject({ error: { code: "not-found" } });
  await saveFarm(operator, { farm: shop, base: null }, world.deps);
  const series = await readSeries(viewer, shop.id, dayS, world.deps);
  expect(series.ok && series.value.backends[0]?.active.every((value) => value === null)).toBe(true);
});

function minute(index: number): MinuteRow {
  const values = [12, 3, 4, null, null, null, null, null, 100];
  const backends = [{ backendId: backend?.id ?? "", values }];
  return { atMs: day0Ms + index * 60_000, farms: [{ farmId: shop.id, values: [1, 2, 3, 4], backends }] };
}
