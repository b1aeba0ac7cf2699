import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backendId, sampleFarm, uuid } from "../core/change/sample.testing.ts";
import { ok } from "../core/result.ts";
import { expectAgreementOf, refusedTextsOf } from "./agreement.testing.ts";
import { reconcile } from "./reconcile.ts";
import { saveFarm } from "./save-farm.ts";
import { setWeights } from "./set-weights.ts";
import { makeWorld, operator, type World } from "./world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.end());

const shop = sampleFarm(1, [{ weight: 100 }, { weight: 50 }]);
const mail = sampleFarm(2, [{}]);
const create = () => saveFarm(operator, { farm: shop, base: null }, world.deps);
const weigh = (base: number, value: number) =>
  setWeights(operator, { farmId: shop.id, base, weights: { [backendId(1, 0)]: value } }, world.deps);

describe("a moment's impression", () => {
  it("of a revision the agent counts before its journal shows it makes nobody lose anything", async () => {
    await create();
    const behind = { ...world.deps.agent };
    let hidden = 3;
    behind.journal = async (epoch, after) => {
      const answer = await world.agent.link.journal(epoch, after);
      return answer.ok && hidden-- > 0 ? ok({ ...answer.value, entries: [] }) : answer;
    };
    world.agent.commandLine(uuid(70), [{ type: "put-farm", base: null, farm: mail }]);
    expect(await reconcile({ ...world.deps, agent: behind })).toEqual(ok("caught-up"));
    await expectAgreementOf(world);
    expect([world.agent.seeds(), (await refusedTextsOf(world)).length]).toEqual([0, 0]);
  });

  it("of a state that has moved on a moment later is no reason to give up one side", async () => {
    await create();
    const restore = world.agent.save();
    await weigh(1, 10);
    restore();
    let isLater = false;
    const moving = {
      ...world.deps,
      wait: async () => {
        if (!isLater)
          world.agent.commandLine(uuid(81), [{ type: "set-enabled", base: 1, farmId: shop.id, enabled: false }]);
        isLater = true;
      },
    };
    expect(await reconcile(moving)).toMatchObject({ ok: false, error: { code: "busy", retry: true } });
    expect([world.agent.seeds(), (await refusedTextsOf(world)).length]).toEqual([0, 0]);
  });

  it("while forty changes run at once, reconciling all the time, is never more than that", async () => {
    await create();
    let isRunning = true;
    const reconciling = (async () => {
      while (isRunning) expect((await reconcile(world.deps)).ok).toBe(true);
    })();
    for (let base = 1; base <= 40; base++) expect(await weigh(base, base)).toMatchObject({ status: "ok", n: base + 1 });
    isRunning = false;
    await reconciling;
    expect(world.agent.seeds()).toBe(0);
    await expectAgreementOf(world);
  });
});
