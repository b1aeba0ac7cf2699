import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backendId, sampleFarm, uuid } from "../core/change/sample.testing.ts";
import { ok } from "../core/result.ts";
import { expectAgreementOf, refusedTextsOf } from "./agreement.testing.ts";
import { claimBalancer } from "./claim-balancer.ts";
import { readEvents } from "./read-events.ts";
import { readHistory } from "./read-history.ts";
import { reconcile } from "./reconcile.ts";
import { saveFarm } from "./save-farm.ts";
import { setWeights } from "./set-weights.ts";
import { settleAfterMs } from "./settle-changes.ts";
import { makeWorld, operator, viewer, type World } from "./world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.end());

class Killed extends Error {}
const shop = sampleFarm(1, [{ weight: 100 }, { weight: 50 }]);
const mail = sampleFarm(2, [{}]);

const create = (farm = shop) => saveFarm(operator, { farm, base: null }, world.deps);
const weigh = (base: number, value: number) =>
  setWeights(operator, { farmId: shop.id, base, weights: { [backendId(1, 0)]: value } }, world.deps);

const expectAgreement = () => expectAgreementOf(world);
const refusedTexts = () => refusedTextsOf(world);

/** As `npm start` leaves the lab's database before the first run: farms, but no revision. */
async function seedDatabase(): Promise<void> {
  const actor = { id: "system", name: "Sluice" };
  const farms = [{ farm: shop, version: 0 }];
  await world.database.farms.importState({
    epoch: 1,
    n: 0,
    uuid: uuid(1),
    actor,
    at: 1,
    digest: "",
    sentences: [],
    farms,
  });
}

async function newestRevision() {
  const history = await readHistory(viewer, {}, world.deps);
  return history.ok ? history.value.revisions[0] : undefined;
}

async function later(): Promise<Awaited<ReturnType<typeof reconcile>>> {
  world.clock.ms += settleAfterMs + 1;
  return reconcile(world.deps);
}

describe("web killed", () => {
  it("after the Change row, before the agent: the change is refused, for it never reached the agent", async () => {
    world.agent.onApply(
      () => {
        throw new Killed();
      },
      () => {},
    );
    await expect(create()).rejects.toThrow(Killed);
    await later();
    await expectAgreement();
    expect(await refusedTexts()).toEqual(["refused: The change never reached the agent; nothing was changed"]);
  });

  it("after the agent applied it, before the rows: the rows follow, under the person's name", async () => {
    world.agent.onApply(
      () => {},
      () => {
        throw new Killed();
      },
    );
    await expect(create()).rejects.toThrow(Killed);
    expect(await later()).toEqual(ok("caught-up"));
    await expectAgreement();
    const history = await readHistory(viewer, {}, world.deps);
    expect(history.ok && history.value).toMatchObject({ revisions: [{ n: 1, by: "Otto" }], changes: [] });
  });

  it("between giving an empty agent its farms and writing the new epoch down: the next run writes it", async () => {
    await create();
    world.agent.wipe();
    const farms = { ...world.database.farms, importState: () => Promise.reject(new Killed()) };
    const dying = { ...world.deps, database: async () => ok({ ...world.database, farms }) };
    await expect(reconcile(dying)).rejects.toThrow(Killed);
    expect(await reconcile(world.deps)).toEqual(ok("imported"));
    await expectAgreement();
    expect(await refusedTexts()).toEqual([]);
  });
});

describe("an answer that does not come", () => {
  it("leaves the change applying, never refused, and is asked for by uuid until it is known", async () => {
    world.agent.switches.losesAnswers = true;
    expect(await create()).toMatchObject({ status: "pending" });
    world.agent.switches.isDown = true;
    expect((await later()).ok).toBe(false);
    expect(await refusedTexts()).toEqual([expect.stringMatching(/^applying: /)]);
    world.agent.switches.isDown = false;
    await later();
    await expectAgreement();
    expect(await world.farms()).toEqual([shop]);
  });

  it("of a change the agent refuses ends as refused, with the agent's reason", async () => {
    await create();
    world.agent.switches.losesAnswers = true;
    const twin = { ...mail, addresses: shop.addresses };
    expect(await create(twin)).toMatchObject({ status: "pending" });
    await later();
    await expectAgreement();
    expect((await refusedTexts())[0]).toMatch(/^refused: .*farm-1/);
  });

  it("of a young change is left to the request that still waits for it", async () => {
    world.agent.switches.losesAnswers = true;
    world.agent.onApply(
      () => {
        world.agent.switches.isDown = true;
      },
      () => {},
    );
    world.agent.switches.losesAnswers = false;
    await world.database.changes.begin({
      uuid: uuid(5),
      actor: { id: "p2", name: "Otto" },
      operations: [{ type: "put-farm", base: null, farm: shop }],
      text: "Create farm",
      at: world.clock.ms,
    });
    await reconcile(world.deps);
    expect(await world.database.changes.stateOf(uuid(5))).toEqual(ok("applying"));
  });
});

describe("agent and database apart", () => {
  it("both empty: nothing to do", async () => {
    expect(await reconcile(world.deps)).toEqual(ok("in-sync"));
    expect(world.agent.seeds()).toBe(0);
  });

  it("changes by the command line come into the history in order, with the uid that made them", async () => {
    await create();
    world.agent.commandLine(uuid(70), [{ type: "put-farm", base: null, farm: mail }]);
    world.agent.commandLine(uuid(71), [{ type: "set-enabled", base: 2, farmId: mail.id, enabled: false }]);
    expect(await reconcile(world.deps)).toEqual(ok("caught-up"));
    await expectAgreement();
    const history = await readHistory(viewer, {}, world.deps);
    expect(history.ok && history.value.revisions.map(({ n }) => n)).toEqual([3, 2, 1]);
  });

  it("more of them than one answer of the journal holds come all", async () => {
    await create();
    for (let n = 1; n <= 620; n++)
      world.agent.commandLine(uuid(10_000 + n), [
        { type: "set-enabled", base: n, farmId: shop.id, enabled: n % 2 === 0 },
      ]);
    expect(await reconcile(world.deps)).toEqual(ok("caught-up"));
    await expectAgreement();
  });

  it("the agent lost its state: it gets the farms again, as a new epoch", async () => {
    await create();
    await create(mail);
    world.agent.wipe();
    expect(await reconcile(world.deps)).toEqual(ok("re-seeded"));
    expect(world.agent.position().epoch).toBe(2);
    expect(world.agent.farms()).toEqual([shop, mail]);
    await expectAgreement();
    expect(await weigh(3, 10)).toMatchObject({ status: "ok", epoch: 2, n: 4 });
    await expectAgreement();
  });

  it("a page that stayed open since before the new epoch has no version of it, whatever number it saw", async () => {
    await create();
    await weigh(1, 80);
    await weigh(2, 60);
    world.agent.wipe();
    await reconcile(world.deps);
    for (const seen of [1, 2, 3]) {
      expect(await weigh(seen, 10)).toMatchObject({ status: "conflict", conflicts: [{ base: seen, version: 4 }] });
    }
    await create(mail);
    expect(await weigh(4, 10)).toMatchObject({ status: "ok", epoch: 2, n: 6 });
    await expectAgreement();
  });

  it("the first farms meet a fresh agent: they are given to it as epoch 1, and nothing is said to be lost", async () => {
    await seedDatabase();
    expect(await reconcile(world.deps)).toEqual(ok("re-seeded"));
    await expectAgreement();
    expect(world.agent.position()).toMatchObject({ epoch: 1, n: 1 });
    expect((await newestRevision())?.sentences).toEqual(["The farms were given to the agent"]);
    const given = { kind: "change", text: "The farms were given to the agent", by: "Sluice" };
    expect(await readEvents(viewer, {}, world.deps)).toMatchObject(ok([given]));
    world.agent.wipe();
    expect(await reconcile(world.deps)).toEqual(ok("re-seeded"));
    expect(await readEvents(viewer, {}, world.deps)).toMatchObject(
      ok([{ text: expect.stringContaining("had lost") }, given]),
    );
    expect(await newestRevision()).toMatchObject({ epoch: 2, sentences: [expect.stringContaining("had lost")] });
  });

  it("the same when web is killed after the agent took the first farms and before that is written down", async () => {
    await seedDatabase();
    const farms = { ...world.database.farms, importState: () => Promise.reject(new Killed()) };
    const dying = { ...world.deps, database: async () => ok({ ...world.database, farms }) };
    await expect(reconcile(dying)).rejects.toThrow(Killed);
    expect(await reconcile(world.deps)).toEqual(ok("imported"));
    await expectAgreement();
    expect(await newestRevision()).toMatchObject({ epoch: 1, sentences: ["The farms were given to the agent"] });
    expect([world.agent.seeds(), await refusedTexts()]).toEqual([1, []]);
  });

  it("on a host, tables that nobody claims are left alone", async () => {
    await create();
    world.agent.wipe();
    Object.assign(world.agent.switches, { sync: "unclaimed", isLab: false });
    expect(await reconcile(world.deps)).toEqual(ok("unclaimed"));
    expect([world.agent.seeds(), world.agent.farms()]).toEqual([0, []]);
    expect(await world.farms()).toEqual([shop]);
  });

  it("an administrator gives a host whose tables nobody claims its farms; nobody else can, nor twice", async () => {
    await create();
    world.agent.wipe();
    Object.assign(world.agent.switches, { sync: "unclaimed", isLab: false });
    expect(await claimBalancer(viewer, world.deps)).toMatchObject({ ok: false, error: { code: "not-allowed" } });
    expect(await claimBalancer({ ...viewer, role: "admin" }, world.deps)).toEqual(ok(1));
    world.agent.switches.sync = "in-sync";
    await expectAgreement();
    expect(await world.farms()).toEqual([shop]);
    expect(await claimBalancer({ ...viewer, role: "admin" }, world.deps)).toMatchObject({
      ok: false,
      error: { code: "conflict" },
    });
  });

  it("an agent that lost part of its farms does not win: on a host its rules are left alone, without rules it is given all", async () => {
    await create();
    const before = await world.farms();
    world.agent.wipe();
    await world.agent.link.apply({
      uuid: uuid(77),
      actor: { id: "cli", name: "root" },
      operations: [{ type: "put-farm", base: null, farm: mail }],
    });
    Object.assign(world.agent.switches, { sync: "unclaimed", isIncomplete: true, isLab: false });
    expect(await reconcile(world.deps)).toEqual(ok("unclaimed"));
    expect([world.agent.seeds(), await world.farms()]).toEqual([0, before]);
    Object.assign(world.agent.switches, { sync: "in-sync" });
    expect(await reconcile(world.deps)).toEqual(ok("re-seeded"));
    await expectAgreement();
    expect([await world.farms(), await refusedTexts()]).toEqual([before, []]);
  });

  it("an agent that lost only its tail is given all at once, also where its rules are left alone", async () => {
    await create();
    const restore = world.agent.save();
    await weigh(1, 300);
    const before = await world.farms();
    restore();
    Object.assign(world.agent.switches, { sync: "unclaimed", isIncomplete: true, isLab: false });
    expect(await reconcile(world.deps)).toEqual(ok("re-seeded"));
    await expectAgreement();
    expect(await world.farms()).toEqual(before);
  });

  it("the database was lost: the farms come back from the agent, equal to before", async () => {
    await create();
    await create(mail);
    const fresh = await makeWorld();
    expect(await reconcile({ ...fresh.deps, agent: world.agent.link })).toEqual(ok("caught-up"));
    expect(await fresh.farms()).toEqual(await world.farms());
    await fresh.end();
  });

  it("the database was lost and the journal does not reach back: the farms come as they are now", async () => {
    await create();
    world.agent.wipe();
    await reconcile(world.deps);
    await create(mail);
    const fresh = await makeWorld();
    expect(await reconcile({ ...fresh.deps, agent: world.agent.link })).toEqual(ok("imported"));
    expect(await fresh.farms()).toEqual(await world.farms());
    await fresh.end();
  });

  it("farms of a seed meet an agent that has others: the agent wins, the seed's stay as a refused change", async () => {
    world.agent.commandLine(uuid(60), [{ type: "put-farm", base: null, farm: mail }]);
    await seedDatabase();
    expect(await reconcile(world.deps)).toEqual(ok("imported"));
    await expectAgreement();
    expect(world.agent.farms()).toEqual([mail]);
    expect(await refusedTexts()).toHaveLength(1);
  });

  it("the agent came back from an older backup: it gets what the database knows", async () => {
    await create();
    const restore = world.agent.save();
    await weigh(1, 10);
    const before = await world.farms();
    restore();
    expect(await reconcile(world.deps)).toEqual(ok("re-seeded"));
    expect(await world.farms()).toEqual(before);
    await expectAgreement();
  });

  it("the same farms under a digest of an earlier version: the database takes the agent's, and no epoch or history is lost", async () => {
    await create();
    await weigh(1, 7);
    const before = await newestRevision();
    const { epoch, n, digest } = world.agent.position();
    const agreed = await world.database.farms.agreeOn({ epoch, n, digest: "counted in another way" });
    expect(agreed.ok).toBe(true);
    expect(await reconcile(world.deps)).toEqual(ok("in-sync"));
    expect(await world.database.farms.position()).toEqual(ok({ epoch, n, digest }));
    expect(await newestRevision()).toEqual(before);
    await expectAgreement();
  });

  it("both changed: the agent wins, and what is lost thereby stays as a refused change", async () => {
    await create();
    const restore = world.agent.save();
    await weigh(1, 10);
    restore();
    world.agent.commandLine(uuid(80), [
      { type: "set-weights", base: 1, farmId: shop.id, weights: { [backendId(1, 0)]: 77 } },
    ]);
    expect(await reconcile(world.deps)).toEqual(ok("imported"));
    await expectAgreement();
    expect(world.agent.farms()[0]?.backends[0]?.weight).toBe(77);
    const history = await readHistory(viewer, {}, world.deps);
    const [kept] = history.ok ? history.value.changes : [];
    expect(kept).toMatchObject({
      state: "refused",
      operations: [{ type: "put-farm", farm: { backends: [{ weight: 10 }, {}] } }],
    });
  });

  it("the agent is down: nothing is done, and that is said", async () => {
    await create();
    world.agent.switches.isDown = true;
    const result = await reconcile(world.deps);
    expect(result.ok ? null : result.error.code).toBe("agent-down");
  });
});
