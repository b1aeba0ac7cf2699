import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backendId, sampleFarm, uuid } from "../core/change/sample.testing.ts";
import { readHistory } from "./read-history.ts";
import { reconcile } from "./reconcile.ts";
import { removeFarm } from "./remove-farm.ts";
import { previewRestore, restoreFarm } from "./restore-farm.ts";
import { saveFarm } from "./save-farm.ts";
import { setWeights } from "./set-weights.ts";
import { undoRevision } from "./undo-revision.ts";
import { admin, makeWorld, operator, viewer, type World } from "./world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.end());

const shop = sampleFarm(1, [{ weight: 100 }, { weight: 50 }]);
const farmId = shop.id;

const create = () => saveFarm(operator, { farm: shop, base: null }, world.deps);
const weigh = (base: number, value: number) =>
  setWeights(operator, { farmId, base, weights: { [backendId(1, 0)]: value } }, world.deps);
const remove = (base: number) => removeFarm(operator, { farmId, base }, world.deps);
const restore = (n: number, base: number | null, who = operator) =>
  restoreFarm(who, { epoch: 1, n, farmId, base }, world.deps);
const weightNow = () => world.agent.farms()[0]?.backends[0]?.weight;

async function offers(query: { farmId?: string } = { farmId }): Promise<Record<number, string>> {
  const history = await readHistory(viewer, query, world.deps);
  if (!history.ok) throw new Error(history.error.text);
  const words = history.value.revisions.map(({ n, canUndo, canRestore }) => {
    return [n, [canUndo ? "undo" : "", canRestore ? "restore" : ""].filter((word) => word !== "").join(" ")];
  });
  return Object.fromEntries(words) as Record<number, string>;
}

describe("restore", () => {
  it("walks back three steps to the first state, one revision each, and forward again", async () => {
    await create();
    await weigh(1, 80);
    await weigh(2, 60);
    await weigh(3, 40);
    expect(await offers()).toEqual({ 4: "undo", 3: "restore", 2: "restore", 1: "restore" });
    for (const [n, base, weight] of [
      [3, 4, 60],
      [2, 5, 80],
      [1, 6, 100],
    ] as const) {
      expect(await restore(n, base)).toMatchObject({ status: "ok", n: base + 1 });
      expect(weightNow()).toBe(weight);
    }
    expect(await world.farms()).toEqual([shop]);
    expect(await offers()).toMatchObject({ 7: "undo", 6: "restore", 4: "restore", 1: "" });
    expect(await restore(4, 7)).toMatchObject({ status: "ok", n: 8 });
    expect(weightNow()).toBe(40);
    expect(await world.farms()).toEqual(world.agent.farms());
  });

  it("reaches the state the farm had when it was first given to the agent", async () => {
    const actor = { id: "system", name: "Sluice" };
    const place = { epoch: 1, n: 0, uuid: uuid(70), actor, at: 1, digest: "", sentences: ["First farms"] };
    await world.database.farms.importState({ ...place, farms: [{ farm: shop, version: 0 }] });
    expect((await reconcile(world.deps)).ok).toBe(true);
    await weigh(1, 80);
    await weigh(2, 60);
    expect(await offers()).toEqual({ 3: "undo", 2: "restore", 1: "restore", 0: "restore" });
    expect(await restore(1, 3)).toMatchObject({ status: "ok", n: 4 });
    expect(await world.farms()).toEqual([shop]);
  });

  it("of a removed farm creates it again, with its own id; its removal offers only the undo", async () => {
    await create();
    await weigh(1, 80);
    await remove(2);
    expect(await offers()).toEqual({ 3: "undo", 2: "restore", 1: "restore" });
    expect(await restore(1, null)).toMatchObject({ status: "ok", n: 4 });
    expect(await world.farms()).toEqual([shop]);
    expect(world.agent.farms()).toEqual([shop]);
    expect(await offers()).toEqual({ 4: "undo", 3: "", 2: "restore", 1: "" });
    expect(await restore(3, 4)).toMatchObject({ status: "refused", code: "invalid" });
  });

  it("of a farm that changed since it was looked at is a conflict with both sides, and overwrites nothing", async () => {
    await create();
    await weigh(1, 80);
    const seen = await previewRestore(viewer, { epoch: 1, n: 1, farmId }, world.deps);
    expect(seen).toMatchObject({ status: "ok", base: 2, preview: { sentences: ["would change"] } });
    await setWeights(admin, { farmId, base: 2, weights: { [backendId(1, 0)]: 60 } }, world.deps);
    expect(await restore(1, 2)).toMatchObject({
      status: "conflict",
      conflicts: [{ base: 2, version: 3, by: "Ada" }],
    });
    expect(weightNow()).toBe(60);
    await remove(3);
    expect(await restore(1, 3)).toMatchObject({ status: "conflict", conflicts: [{ base: 3, version: null }] });
    expect(world.agent.farms()).toEqual([]);
  });

  it("shows the farm as it is and as it would be, so that the page can ask before the last backend stops serving", async () => {
    await create();
    await weigh(1, 80);
    const place = { epoch: 1, n: 1, farmId };
    const [now] = await world.farms();
    expect(await previewRestore(viewer, place, world.deps)).toMatchObject({ status: "ok", now, restored: shop });
    await remove(2);
    expect(await previewRestore(viewer, place, world.deps)).toMatchObject({ status: "ok", now: null, restored: shop });
  });

  it("to what the farm is already, of a farm or revision there never was, and of nonsense is refused", async () => {
    await create();
    expect(await restore(1, 1)).toMatchObject({ status: "refused", code: "invalid" });
    expect(await restore(9, 1)).toMatchObject({ status: "refused", code: "not-found" });
    for (const input of [
      { epoch: 1, n: 1, farmId: uuid(9), base: null },
      { epoch: 1, n: 1, farmId },
      { epoch: 0, n: 1, farmId, base: 1 },
      { epoch: 1, n: 1, farmId: "x", base: 1 },
      { epoch: 1, n: 1, farmId, base: 1, extra: 1 },
      null,
      "1",
    ]) {
      expect((await restoreFarm(operator, input, world.deps)).status).toBe("refused");
      expect((await previewRestore(operator, input, world.deps)).status).toBe("refused");
    }
    expect(world.agent.position().n).toBe(1);
  });

  it("is for operators and administrators; viewers may only look at what it would do", async () => {
    await create();
    await weigh(1, 80);
    expect(await restore(1, 2, viewer)).toMatchObject({ status: "refused", code: "not-allowed" });
    expect(await restore(1, 2, admin)).toMatchObject({ status: "ok" });
  });

  it("is offered in the history of all farms for revisions of one farm, whichever it is", async () => {
    await create();
    await saveFarm(operator, { farm: sampleFarm(2, [{}]), base: null }, world.deps);
    await weigh(1, 80);
    expect(await offers({})).toEqual({ 3: "undo", 2: "undo", 1: "restore" });
  });
});

describe("undo of a removal", () => {
  it("is offered for the last of two removals of the same farm only", async () => {
    await create();
    await remove(1);
    await undoRevision(operator, { epoch: 1, n: 2 }, world.deps);
    await remove(3);
    expect(await offers()).toMatchObject({ 4: "undo", 2: "" });
    expect(await undoRevision(operator, { epoch: 1, n: 2 }, world.deps)).toMatchObject({ code: "conflict" });
  });
});
