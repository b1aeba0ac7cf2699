import { afterEach, beforeEach, expect, it } from "vitest";
import { sampleFarm } from "../core/change/sample.testing.ts";
import { pastFarmsMax } from "../core/metrics/past-hour.ts";
import { readPastHours } from "./read-past-hours.ts";
import { makeWorld, viewer, type World } from "./world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.end());

const shop = sampleFarm(1, [{}, {}]);

it("hours of farms are read while the agent is away, as many as were asked for", async () => {
  const atMs = Math.floor(world.clock.ms / 60_000) * 60_000 - 60_000;
  await world.deps.history.write({ atMs, farms: [{ farmId: shop.id, values: [], backends: [] }] });
  const read = await readPastHours(viewer, [shop.id], world.deps);
  expect(read).toMatchObject({ ok: true, value: { toMs: atMs + 60_000, farms: [{ farmId: shop.id }] } });
  expect(await readPastHours(viewer, [], world.deps)).toMatchObject({ ok: true, value: { farms: [] } });
});

it("what is no list of farms, or too long a one, is refused", async () => {
  const wrong = { ok: false, error: { code: "invalid" } };
  expect(await readPastHours(viewer, ["shop"], world.deps)).toMatchObject(wrong);
  const many = Array.from({ length: pastFarmsMax + 1 }, () => shop.id);
  expect(await readPastHours(viewer, many, world.deps)).toMatchObject(wrong);
});
