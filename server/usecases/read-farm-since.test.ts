import { afterEach, beforeEach, expect, it } from "vitest";
import { backendId, sampleFarm, uuid } from "../core/change/sample.testing.ts";
import { ok } from "../core/result.ts";
import { readFarmSince } from "./read-farm-since.ts";
import { saveFarm } from "./save-farm.ts";
import { setWeights } from "./set-weights.ts";
import { makeWorld, operator, viewer, type World } from "./world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.end());

const shop = sampleFarm(1, [{ weight: 100 }, { weight: 50 }]);

it("a farm exists since the revision that made it, however often it changed", async () => {
  await saveFarm(operator, { farm: shop, base: null }, world.deps);
  const first = await world.database.revisions.get(1, 1);
  const weights = { [backendId(1, 0)]: 20 };
  expect(await setWeights(operator, { farmId: shop.id, base: 1, weights }, world.deps)).toMatchObject({ status: "ok" });
  expect(await readFarmSince(viewer, shop.id, world.deps)).toEqual(ok(first.ok ? first.value.at : null));
});

it("a farm that came by an import exists since then", async () => {
  const actor = { id: "system", name: "Setup" };
  const state = { epoch: 2, n: 1, uuid: uuid(500), actor, at: 5000, digest: "d", sentences: [] };
  expect(await world.database.farms.importState({ ...state, farms: [{ farm: shop, version: 1 }] })).toEqual(ok(null));
  expect(await readFarmSince(viewer, shop.id, world.deps)).toEqual(ok(5000));
});

it("a farm whose making is not in the history is older than all of it", async () => {
  expect(await readFarmSince(viewer, uuid(77), world.deps)).toEqual(ok(0));
});
