import { afterEach, beforeEach, expect, it } from "vitest";
import { backendId, sampleFarm } from "../core/change/sample.testing.ts";
import { calculateRunning } from "../core/explain/calculate-running.ts";
import { conditionsByHealth } from "../core/health/condition.ts";
import { fail, ok } from "../core/result.ts";
import { explainClient } from "./explain-client.ts";
import { saveFarm } from "./save-farm.ts";
import { makeWorld, operator, viewer, type World } from "./world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.end());

const shop = sampleFarm(1, [{}, {}], { scheduler: "source-hash" });
const sticky = sampleFarm(2, [{}, {}], { persistence: { timeoutS: 60 } });
const question = { client: "203.0.113.5", target: "192.168.0.1:80" };
const unchecked = () => new Map();

const listing = () => {
  const text = calculateRunning(shop, new Map()).rules;
  const agent = { ...world.deps.agent, ruleset: async (farmId: string) => ok({ farmId, at: 1, text, isWhole: true }) };
  return { ...world.deps, agent };
};

it("a viewer learns the backend by the rules that the kernel lists, with their words", async () => {
  await saveFarm(operator, { farm: shop, base: null }, world.deps);
  const read = await explainClient(viewer, question, unchecked, listing());
  if (!read.ok) throw new Error(read.error.text);
  const { verdict, rulesFrom, backend, steps } = read.value;
  expect([verdict, rulesFrom]).toEqual(["hash", "kernel"]);
  expect(shop.backends.map(({ name }) => name)).toContain(backend?.name);
  expect(steps.map(({ nft }) => nft[0])).toEqual([
    expect.stringMatching(/^192\.168\.0\.1 \. tcp \. 80 : goto f_/),
    expect.stringMatching(/^ct mark set jhash ip saddr mod 1024 /),
    expect.stringMatching(/^0x[0-9a-f]{8} : 0x[0-9a-f]{8}$/),
  ]);
});

const unlisted = (more: object = {}) => {
  const ruleset = async () => fail("kernel-refused", "The kernel did not say.");
  return { ...world.deps, agent: { ...world.deps.agent, ruleset, ...more } };
};

it("what cannot be listed is calculated, and the answer says so", async () => {
  await saveFarm(operator, { farm: shop, base: null }, world.deps);
  const calculated = await explainClient(viewer, question, unchecked, unlisted());
  expect(calculated).toMatchObject({ ok: true, value: { rulesFrom: "calculated", verdict: "hash" } });
  const ruleset = async (farmId: string) => ok({ farmId, at: 1, text: "# slots could not be read", isWhole: false });
  const partly = await explainClient(viewer, question, unchecked, unlisted({ ruleset }));
  expect(partly).toEqual(calculated);
});

it("a remembered client goes where it is remembered, unless that backend is down", async () => {
  await saveFarm(operator, { farm: sticky, base: null }, world.deps);
  const entry = { known: "entry", backendId: backendId(2, 1), expiresInS: 33 } as const;
  const deps = unlisted({ stickiness: async () => ok(entry) });
  const ask = (health: "up" | "down") =>
    explainClient(
      viewer,
      { ...question, target: "192.168.0.2:80" },
      () => conditionsByHealth(new Map([[backendId(2, 1), health]])),
      deps,
    );
  expect(await ask("up")).toMatchObject({ value: { verdict: "sticky", backend: { name: "web-2" } } });
  expect(await ask("down")).toMatchObject({ value: { verdict: "turn", backend: { name: "web-1" } } });
});

it("a question that is none is refused with its field, an agent that is gone says so", async () => {
  const bad = await explainClient(viewer, { ...question, client: "web-1" }, unchecked, world.deps);
  expect(bad).toMatchObject({ error: { code: "invalid", issues: [{ path: "client" }] } });
  world.agent.switches.isDown = true;
  expect(await explainClient(viewer, question, unchecked, world.deps)).toMatchObject({ error: { code: "agent-down" } });
});
