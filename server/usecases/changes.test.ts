import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backendId, sampleFarm, uuid } from "../core/change/sample.testing.ts";
import { fail, ok } from "../core/result.ts";
import { cutBackend } from "./cut-backend.ts";
import { previewChange } from "./preview-change.ts";
import { readEvents } from "./read-events.ts";
import { readFarm } from "./read-farm.ts";
import { authorText, readHistory } from "./read-history.ts";
import { removeFarm } from "./remove-farm.ts";
import { saveFarm } from "./save-farm.ts";
import { setAdminState } from "./set-admin-state.ts";
import { setEnabled } from "./set-enabled.ts";
import { setWeights } from "./set-weights.ts";
import { undoRevision } from "./undo-revision.ts";
import { admin, makeWorld, operator, viewer, type World } from "./world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.end());

const shop = sampleFarm(1, [{ weight: 100 }, { weight: 50 }]);
const weights = (value: number) => ({ [backendId(1, 0)]: value });

async function create(): Promise<void> {
  const outcome = await saveFarm(operator, { farm: shop, base: null }, world.deps);
  expect(outcome).toMatchObject({ status: "ok", n: 1, farmId: shop.id });
}

describe("a change", () => {
  it("is in the kernel, the farm rows and the history, with who made it", async () => {
    await create();
    expect(world.agent.farms()).toEqual([shop]);
    expect(await readFarm(viewer, shop.id, world.deps)).toEqual(ok({ farm: shop, version: 1 }));
    const history = await readHistory(viewer, {}, world.deps);
    expect(history.ok && history.value).toMatchObject({
      revisions: [{ epoch: 1, n: 1, by: "Otto", farmIds: [shop.id], canUndo: true }],
      changes: [],
    });
    const events = async () => {
      const read = await readEvents(viewer, { farmId: shop.id }, world.deps);
      return read.ok ? read.value : [];
    };
    await expect.poll(events).toMatchObject([{ kind: "change", text: "changed", by: "Otto", farmId: shop.id }]);
  });

  it("leaves out maintenance windows that are over, and keeps the others", async () => {
    const window = (startsAt: string, endsAt: string) => ({ backend: null, startsAt, endsAt, note: "" });
    const past = window("1970-01-01T00:00:00Z", "1970-01-01T00:10:00Z");
    const open = window("1970-01-01T00:00:00Z", "1970-01-01T10:00:00Z");
    const farm = { ...shop, maintenanceWindows: [past, open] };
    expect(await saveFarm(operator, { farm, base: null }, world.deps)).toMatchObject({ status: "ok" });
    expect(world.agent.farms()).toMatchObject([{ maintenanceWindows: [open] }]);
    expect(await world.farms()).toEqual(world.agent.farms());
  });

  it("based on an old version is a conflict with both sides, and overwrites nothing", async () => {
    await create();
    await setWeights(admin, { farmId: shop.id, base: 1, weights: weights(70) }, world.deps);
    const outcome = await setWeights(operator, { farmId: shop.id, base: 1, weights: weights(10) }, world.deps);
    expect(outcome).toMatchObject({ status: "conflict", conflicts: [{ base: 1, version: 2, by: "Ada" }] });
    expect(outcome.status === "conflict" && outcome.conflicts[0]?.farm?.backends[0]?.weight).toBe(70);
    const history = await readHistory(viewer, {}, world.deps);
    expect(history.ok && history.value.changes).toMatchObject([{ state: "refused", by: "Otto" }]);
    expect(await world.farms()).toEqual(world.agent.farms());
  });

  it("while the agent is down is refused in one sentence, and the pages still read", async () => {
    await create();
    world.agent.switches.isDown = true;
    const outcome = await setWeights(operator, { farmId: shop.id, base: 1, weights: weights(10) }, world.deps);
    expect(outcome).toEqual({
      status: "refused",
      code: "agent-down",
      text: "The agent does not answer; nothing was changed",
      retry: true,
    });
    expect((await readFarm(viewer, shop.id, world.deps)).ok).toBe(true);
  });

  it("while the database cannot be written never reaches the agent", async () => {
    const deps = { ...world.deps, database: async () => fail("storage", "The database is read-only") };
    const outcome = await saveFarm(operator, { farm: shop, base: null }, deps);
    expect(outcome).toMatchObject({ status: "refused", code: "storage", text: "The database is read-only" });
    expect(world.agent.farms()).toEqual([]);
  });

  it("that the database cannot write down after the agent took it is told as such, not as refused", async () => {
    const farms = { ...world.database.farms, accept: async () => fail("storage", "The disk is full") };
    const deps = { ...world.deps, database: async () => ok({ ...world.database, farms }) };
    const outcome = await saveFarm(operator, { farm: shop, base: null }, deps);
    expect(outcome).toMatchObject({
      status: "pending",
      text: "Applied as revision 1, but not written down yet: The disk is full",
    });
  });

  it("after changes by the command line takes those into the history first", async () => {
    await create();
    const other = sampleFarm(2, [{}]);
    world.agent.commandLine(uuid(77), [{ type: "put-farm", base: null, farm: other }]);
    const outcome = await setWeights(operator, { farmId: shop.id, base: 1, weights: weights(10) }, world.deps);
    expect(outcome).toMatchObject({ status: "ok", n: 3 });
    expect(await world.farms()).toEqual(world.agent.farms());
    const history = await readHistory(viewer, {}, world.deps);
    expect(history.ok && history.value.revisions.map(({ n, by }) => [n, by])).toEqual([
      [3, "Otto"],
      [2, "uid 0 (command line, uid 0)"],
      [1, "Otto"],
    ]);
    expect(authorText("ada (command line)", 1000), "said once").toBe("ada (command line, uid 1000)");
  });

  it("twenty at once on different farms are twenty revisions, and both sides agree", async () => {
    const farms = Array.from({ length: 20 }, (_, index) => sampleFarm(index + 1, [{}]));
    const outcomes = await Promise.all(farms.map((farm) => saveFarm(operator, { farm, base: null }, world.deps)));
    expect(outcomes.map(({ status }) => status)).toEqual(farms.map(() => "ok"));
    const position = await world.database.farms.position();
    expect(position.ok && position.value).toEqual(world.agent.position());
    expect(await world.farms()).toEqual(farms);
  });
});

describe("input", () => {
  it("a new farm from a form needs no ids", async () => {
    const farm = {
      name: "new",
      addresses: ["192.168.0.9"],
      protocol: "tcp",
      ports: [80],
      backends: [{ name: "a", address: "192.168.9.1" }],
    };
    expect(await saveFarm(operator, { farm, base: null }, world.deps)).toMatchObject({ status: "ok" });
    expect(world.agent.farms()[0]).toMatchObject({ name: "new", backends: [{ name: "a", weight: 100 }] });
  });

  it("that breaks a rule is told at its field, and reaches neither agent nor history", async () => {
    const farm = { ...shop, ports: [0], backends: [{ ...shop.backends[0], weight: 1001, name: 'a"; flush ruleset' }] };
    const outcome = await saveFarm(operator, { farm, base: null }, world.deps);
    const fields = outcome.status === "field-errors" ? Object.keys(outcome.fieldErrors).sort() : [];
    expect(fields).toEqual(["backends[0].name", "backends[0].weight", "ports[0]"]);
    const history = await readHistory(viewer, {}, world.deps);
    expect(history.ok && [history.value.revisions.length, history.value.changes.length]).toEqual([0, 0]);
  });

  it("that only the whole of all farms refuses is told at its field too", async () => {
    await create();
    const twin = { ...sampleFarm(2, [{}]), addresses: shop.addresses };
    const outcome = await saveFarm(operator, { farm: twin, base: null }, world.deps);
    expect(outcome.status).toBe("field-errors");
    expect(outcome.status === "field-errors" && Object.values(outcome.fieldErrors).join()).toMatch(/farm-1/);
  });

  it("of a wrong shape, of any kind, is refused", async () => {
    const bad: unknown[] = [
      null,
      undefined,
      7,
      "x",
      [],
      {},
      { farm: null, base: null },
      { farm: shop },
      { farm: shop, base: "1" },
    ];
    const more: unknown[] = [
      { farm: shop, base: null, extra: 1 },
      { farm: { ...shop, surprise: 1 }, base: null },
      { farm: shop, base: -1 },
    ];
    for (const input of [...bad, ...more]) expect((await saveFarm(operator, input, world.deps)).status).not.toBe("ok");
    for (const value of [-1, 1001, 1.5, Number.NaN, "80", null, Number.POSITIVE_INFINITY])
      expect(
        (await setWeights(operator, { farmId: shop.id, base: 1, weights: { [backendId(1, 0)]: value } }, world.deps))
          .status,
      ).not.toBe("ok");
    expect(world.agent.position().n).toBe(0);
  });

  it("above one megabyte is refused by its size", async () => {
    const outcome = await saveFarm(
      operator,
      { farm: { ...shop, notes: "x".repeat(1024 * 1024) }, base: null },
      world.deps,
    );
    expect(outcome).toMatchObject({ status: "refused", code: "too-large" });
  });
});

describe("undo", () => {
  it("puts back what a revision changed, as a new revision", async () => {
    await create();
    await setWeights(operator, { farmId: shop.id, base: 1, weights: weights(10) }, world.deps);
    expect(await undoRevision(operator, { epoch: 1, n: 2 }, world.deps)).toMatchObject({ status: "ok", n: 3 });
    expect(await world.farms()).toEqual([shop]);
  });

  it("brings a removed farm back, and takes a created one away", async () => {
    await create();
    expect(await removeFarm(operator, { farmId: shop.id, base: 1 }, world.deps)).toMatchObject({ status: "ok" });
    expect(await undoRevision(operator, { epoch: 1, n: 2 }, world.deps)).toMatchObject({ status: "ok", n: 3 });
    expect(world.agent.farms()).toEqual([shop]);
    expect(await undoRevision(operator, { epoch: 1, n: 3 }, world.deps)).toMatchObject({ status: "ok", n: 4 });
    expect(world.agent.farms()).toEqual([]);
  });

  it("of a revision that something came after is refused", async () => {
    await create();
    await setWeights(operator, { farmId: shop.id, base: 1, weights: weights(10) }, world.deps);
    expect(await undoRevision(operator, { epoch: 1, n: 1 }, world.deps)).toMatchObject({
      status: "refused",
      code: "conflict",
    });
    const history = await readHistory(viewer, {}, world.deps);
    expect(history.ok && history.value.revisions.map(({ canUndo }) => canUndo)).toEqual([true, false]);
  });

  it("of a revision there never was, or of nonsense, is refused", async () => {
    for (const input of [{ epoch: 1, n: 9 }, { epoch: 0, n: 0 }, null, { epoch: 1 }, "1"])
      expect((await undoRevision(operator, input, world.deps)).status).toBe("refused");
  });
});

describe("role x action", () => {
  const base = { farmId: shop.id, base: 1 };
  const states = { [backendId(1, 1)]: "drain" };
  const actions = {
    "save a farm": (who: typeof admin) => saveFarm(who, { farm: { ...shop, notes: "n" }, base: 1 }, world.deps),
    "set weights": (who: typeof admin) => setWeights(who, { ...base, weights: weights(9) }, world.deps),
    "set an admin state": (who: typeof admin) => setAdminState(who, { ...base, states }, world.deps),
    disable: (who: typeof admin) => setEnabled(who, { ...base, enabled: false }, world.deps),
    undo: (who: typeof admin) => undoRevision(who, { epoch: 1, n: 1 }, world.deps),
    remove: (who: typeof admin) => removeFarm(who, base, world.deps),
  };
  for (const [name, act] of Object.entries(actions)) {
    for (const who of [operator, admin])
      it(`${who.role}s may ${name}`, async () => {
        await create();
        expect((await act(who)).status).toBe("ok");
      });
    it(`viewers may not ${name}, and nothing changes`, async () => {
      await create();
      expect(await act(viewer)).toMatchObject({ status: "refused", code: "not-allowed" });
      expect(world.agent.position().n).toBe(1);
    });
  }

  it("cutting needs a backend that is drained, and an operator", async () => {
    await create();
    const cut = { ...base, backendId: backendId(1, 1) };
    expect(await cutBackend(viewer, cut, world.deps)).toMatchObject({ code: "not-allowed" });
    expect((await cutBackend(operator, cut, world.deps)).status).not.toBe("ok");
    await setAdminState(operator, { ...base, states }, world.deps);
    expect(await cutBackend(operator, { ...cut, base: 2 }, world.deps)).toMatchObject({ status: "ok", n: 3 });
  });

  it("everyone may preview, and a preview changes nothing", async () => {
    const operations = [{ type: "put-farm", base: null, farm: shop }];
    expect(await previewChange(viewer, operations, world.deps)).toMatchObject({ status: "ok" });
    expect(world.agent.position().n).toBe(0);
    for (const input of [null, [], [{}], [{ type: "drop" }], Array.from({ length: 101 }, () => operations[0])])
      expect((await previewChange(viewer, input, world.deps)).status).not.toBe("ok");
  });
});
