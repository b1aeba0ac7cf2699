import { afterEach, beforeEach, expect, it } from "vitest";
import { sampleFarm } from "../core/change/sample.testing.ts";
import { fail } from "../core/result.ts";
import { readSeries } from "./read-series.ts";
import { saveFarm } from "./save-farm.ts";
import { makeWorld, operator, viewer, type World } from "./world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.end());

const shop = sampleFarm(1, [{}, {}]);
const unmeasured = () => {
  const agent = { ...world.deps.agent, series: async () => fail("not-found", "There is no such farm.") };
  return { ...world.deps, agent };
};

it("a farm the agent has not measured yet has a history of nothing known, not an error", async () => {
  await saveFarm(operator, { farm: shop, base: null }, world.deps);
  const read = await readSeries(viewer, shop.id, 300, unmeasured());
  if (!read.ok) throw new Error(read.error.text);
  const { farmId, fromMs, toMs, atMs, backends, connect } = read.value;
  expect([farmId, toMs - fromMs]).toEqual([shop.id, 300_000]);
  expect(backends.map(({ backendId }) => backendId)).toEqual(shop.backends.map(({ id }) => id));
  const columns = [connect.p50Ms, ...backends.flatMap(({ newPerS, active }) => [newPerS, active])];
  expect(columns).toEqual(columns.map(() => atMs.map(() => null)));
});

it("a farm there never was is not found, and an agent that is down says so", async () => {
  expect(await readSeries(viewer, shop.id, 300, unmeasured())).toMatchObject({ error: { code: "not-found" } });
  await saveFarm(operator, { farm: shop, base: null }, world.deps);
  expect(await readSeries(viewer, shop.id, 300, world.deps)).toMatchObject({ error: { code: "agent-down" } });
});
