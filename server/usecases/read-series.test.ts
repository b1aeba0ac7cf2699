import { afterEach, beforeEach, expect, it } from "vitest";
import { sampleFarm } from "../core/change/sample.testing.ts";
import { fail, ok } from "../core/result.ts";
import type { LongHistory } from "../history/prometheus.ts";
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

const day = 24 * 3600;
const withFar = (far: LongHistory["read"]) => ({ ...world.deps, longHistory: { read: far } });

it("more than a day comes from Prometheus where there is one, and what it lacks from our own minutes", async () => {
  await saveFarm(operator, { farm: shop, base: null }, world.deps);
  const [one, two] = shop.backends.map(({ id }) => id);
  world.clock.ms = 100 * day * 1000;
  const atMs = world.clock.ms - 3600_000;
  const values = [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7];
  const backends = [one, two].map((backendId) => ({ backendId: backendId ?? "", values }));
  await world.deps.history.write({ atMs, farms: [{ farmId: shop.id, values: [1, 2, 3, 4, 5, 6, 7, 8], backends }] });
  const far: LongHistory["read"] = async (farm, grid) => {
    const early = (value: number) => grid.atMs.map((at) => (at < world.clock.ms - 2 * day * 1000 ? value : null));
    const none = early(0).map(() => null);
    const first = { backendId: farm.backends[0]?.id ?? "", newPerS: early(5), active: none };
    return ok({
      ...{ farmId: farm.id, ...grid, connect: { p50Ms: none, p95Ms: none, p99Ms: none } },
      traffic: { p50Ms: none, p95Ms: early(40), p99Ms: none },
      backends: [{ ...first, observedPct: none, plannedPct: none }],
      retention: { secondsS: 0, minutesS: 0 },
    });
  };
  const read = await readSeries(viewer, shop.id, 7 * day, withFar(far));
  if (!read.ok) throw new Error(read.error.text);
  expect(read.value.source).toBe("From Prometheus; what it lacks from our own history");
  const [first, second] = read.value.backends;
  expect([first?.newPerS[1], first?.newPerS.at(-1) ?? first?.newPerS.at(-2)]).toEqual([5, 7]);
  expect(second?.newPerS.filter((value) => value !== null)).toEqual([7]);
  const short = await readSeries(viewer, shop.id, day, withFar(far));
  expect(short.ok ? short.value.source : "failed").toBeUndefined();
});

it("a Prometheus that cannot be read leaves our own history, and the chart says so", async () => {
  await saveFarm(operator, { farm: shop, base: null }, world.deps);
  const read = await readSeries(
    viewer,
    shop.id,
    90 * day,
    withFar(async () => fail("storage", "no answer in time")),
  );
  expect(read).toMatchObject({
    ok: true,
    value: {
      source: "Our own history, which reaches back 30 days: Prometheus cannot be read now (no answer in time)",
    },
  });
});
