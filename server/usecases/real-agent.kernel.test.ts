import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAgentLink } from "../agent-link/create-agent-link.ts";
import { makeRealAgent, missingForAgent, type RealAgent } from "../agent-link/real-agent.testing.ts";
import { backendId, sampleFarm } from "../core/change/sample.testing.ts";
import { ok, type Result } from "../core/result.ts";
import type { Deps } from "./deps.ts";
import { reconcile } from "./reconcile.ts";
import { saveFarm } from "./save-farm.ts";
import { setWeights } from "./set-weights.ts";
import { settleAfterMs } from "./settle-changes.ts";
import { makeWorld, operator, type World } from "./world.testing.ts";

const missing = missingForAgent();
const shop = sampleFarm(1, [{ weight: 100 }, { weight: 50 }]);
let world: World;
let agent: RealAgent;
let deps: Deps;

beforeEach(async () => {
  world = await makeWorld();
  agent = makeRealAgent();
  await agent.start();
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  deps = { ...world.deps, agent: createAgentLink({ socketPath: agent.socketPath }), wait };
});
afterEach(async () => {
  await agent.end();
  await world.end();
});

const weigh = (base: number, value: number, with_ = deps) =>
  setWeights(operator, { farmId: shop.id, base, weights: { [backendId(1, 0)]: value } }, with_);

async function versionNow(): Promise<number> {
  const farm = await world.database.farms.get(shop.id);
  return farm.ok ? farm.value.version : -1;
}

const applyingUuids = (changes: Result<readonly { uuid: string }[]>) =>
  changes.ok ? changes.value.map(({ uuid }) => uuid) : [];
const outcomeOf = (answer: Awaited<ReturnType<Deps["agent"]["change"]>>) => (answer.ok ? answer.value?.outcome : null);

/** After the time in which a request may still hold its change, both sides are the same and nothing is open. */
async function expectAgreement(): Promise<void> {
  world.clock.ms += settleAfterMs + 1;
  const reconciled = await reconcile(deps);
  expect(reconciled).toMatchObject({ ok: true });
  const theirs = await deps.agent.farms();
  const status = await deps.agent.status();
  const position = await world.database.farms.position();
  if (!theirs.ok || !status.ok) throw new Error("the agent does not answer");
  const { epoch, n, digest } = status.value;
  expect(position).toEqual(ok({ epoch, n, digest }));
  expect(await world.farms()).toEqual(theirs.value.farms.map(({ farm }) => farm));
  expect(await world.database.changes.applying()).toEqual(ok([]));
  expect(await reconcile(deps)).toEqual(ok("in-sync"));
}

describe.skipIf(missing !== null)(`web and the real agent${missing === null ? "" : ` (needs ${missing})`}`, () => {
  it("agree after the agent is killed at twenty moments of a change", async () => {
    expect(await saveFarm(operator, { farm: shop, base: null }, deps)).toMatchObject({ status: "ok" });
    for (let moment = 0; moment < 20; moment++) {
      const change = weigh(await versionNow(), 100 + moment);
      for (let turn = 0; turn < moment * 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      await agent.kill();
      const outcome = await change;
      expect(["ok", "pending", "refused"]).toContain(outcome.status);
      await agent.start();
      await expectAgreement();
      const weight = (await world.database.farms.get(shop.id)).ok && (await world.farms())[0];
      if (outcome.status === "ok") expect(weight).toMatchObject({ backends: [{ weight: 100 + moment }, {}] });
    }
  });

  it("agree after web is killed before, and after, the agent has applied the change", async () => {
    await saveFarm(operator, { farm: shop, base: null }, deps);
    const killedBefore = { ...deps, agent: { ...deps.agent, apply: () => Promise.reject(new Error("killed")) } };
    await expect(weigh(1, 10, killedBefore)).rejects.toThrow("killed");
    await expectAgreement();
    expect((await world.farms())[0]).toMatchObject({ backends: [{ weight: 100 }, {}] });
    const apply: Deps["agent"]["apply"] = async (request) => {
      await deps.agent.apply(request);
      throw new Error("killed");
    };
    await expect(weigh(1, 20, { ...deps, agent: { ...deps.agent, apply } })).rejects.toThrow("killed");
    await expectAgreement();
    expect((await world.farms())[0]).toMatchObject({ backends: [{ weight: 20 }, {}] });
  });

  it("agree after the agent hung through a change: it is pending, never refused, and applied once", async () => {
    await saveFarm(operator, { farm: shop, base: null }, deps);
    agent.pause();
    expect(await weigh(1, 30)).toMatchObject({ status: "pending" });
    agent.resume();
    const [change] = applyingUuids(await world.database.changes.applying());
    await expect.poll(async () => outcomeOf(await deps.agent.change(change ?? ""))).toBe("applied");
    await expectAgreement();
    expect((await world.farms())[0]).toMatchObject({ backends: [{ weight: 30 }, {}] });
    expect(await versionNow()).toBe(2);
  });

  it("agree after the agent lost its state: it gets the farms again, and changes go on", async () => {
    await saveFarm(operator, { farm: shop, base: null }, deps);
    await agent.kill();
    agent.forget();
    await agent.start();
    expect(await reconcile(deps)).toEqual(ok("re-seeded"));
    expect(await weigh(await versionNow(), 40)).toMatchObject({ status: "ok", epoch: 2 });
    await expectAgreement();
  });

  it("agree while changes and reconciling run at once: the epoch stays, and no change is lost", async () => {
    await saveFarm(operator, { farm: shop, base: null }, deps);
    let isRunning = true;
    const reconciling = (async () => {
      while (isRunning) expect((await reconcile(deps)).ok).toBe(true);
    })();
    for (let base = 1; base <= 60; base++)
      expect(await weigh(base, base)).toMatchObject({ status: "ok", epoch: 1, n: base + 1 });
    isRunning = false;
    await reconciling;
    await expectAgreement();
  });

  it("agree when the kernel itself refuses: one sentence, the change is kept as refused, farms stay, the next change goes on", async () => {
    await saveFarm(operator, { farm: shop, base: null }, deps);
    const before = await world.farms();
    const sizeOfBackends = (elements: number) =>
      agent.nft(`add map inet sluice be4 { type mark : ipv4_addr . inet_service; counter; size ${elements}; }`);
    // two backends are in it: a third one is too many
    sizeOfBackends(2);
    const another = sampleFarm(2, [{ weight: 100 }]);
    expect(await saveFarm(operator, { farm: another, base: null }, deps)).toEqual({
      status: "refused",
      code: "kernel-refused",
      text: "The kernel refused the change: a map is full.",
      retry: false,
    });
    expect(await world.farms()).toEqual(before);
    const changes = await world.database.changes.list({ limit: 1 });
    expect(changes.ok && changes.value[0]).toMatchObject({ state: "refused" });
    await expectAgreement();
    expect(await weigh(1, 77)).toMatchObject({ status: "ok", n: 2 });
    sizeOfBackends(65_536);
    expect(await saveFarm(operator, { farm: another, base: null }, deps)).toMatchObject({ status: "ok", n: 3 });
    await expectAgreement();
  });

  it("while the agent is gone a change is refused in one sentence", async () => {
    await agent.kill();
    expect(await saveFarm(operator, { farm: shop, base: null }, deps)).toEqual({
      status: "refused",
      code: "agent-down",
      text: "The agent does not answer; nothing was changed",
      retry: true,
    });
  });
});
