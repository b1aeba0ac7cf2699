import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sampleFarm, uuid } from "../core/change/sample.testing.ts";
import { ok } from "../core/result.ts";
import { expectAgreementOf } from "./agreement.testing.ts";
import { readHistory } from "./read-history.ts";
import { readLists } from "./read-lists.ts";
import { reconcile } from "./reconcile.ts";
import { removeList } from "./remove-list.ts";
import { saveFarm } from "./save-farm.ts";
import { saveList } from "./save-list.ts";
import { undoRevision } from "./undo-revision.ts";
import { admin, makeWorld, operator, viewer, type World } from "./world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.end());

const office = { id: uuid(501), name: "office", networks: ["10.0.0.0/8"], notes: "" };
const edited = { ...office, networks: ["10.0.0.0/9", "fd00::/8"] };
const shop = sampleFarm(1, [{}], { policy: { deny: ["@office"] } });

const save = (list: object, base: number | null, actor = operator) => saveList(actor, { list, base }, world.deps);
const remove = (base: number) => removeList(operator, { listId: office.id, base }, world.deps);
const undo = (n: number) => undoRevision(operator, { epoch: 1, n }, world.deps);

async function lists() {
  const read = await readLists(viewer, world.deps);
  return read.ok ? read.value : read.error;
}

async function canUndo(n: number): Promise<boolean | undefined> {
  const history = await readHistory(viewer, {}, world.deps);
  return history.ok ? history.value.revisions.find((revision) => revision.n === n)?.canUndo : undefined;
}

async function started(): Promise<void> {
  expect(await save(office, null)).toMatchObject({ status: "ok", n: 1, farmId: null });
  expect(await saveFarm(operator, { farm: shop, base: null }, world.deps)).toMatchObject({ status: "ok", n: 2 });
}

describe("a list", () => {
  it("is made without an id, changed and removed, in the agent and in the rows alike", async () => {
    const { id: _id, ...unnamed } = office;
    expect(await save({ ...unnamed, networks: ["10.0.0.0/9", "10.128.0.0/9"] }, null)).toMatchObject({ status: "ok" });
    const [made] = world.agent.lists();
    expect(made).toMatchObject({ name: "office", networks: ["10.0.0.0/8"] });
    expect(await lists()).toEqual([{ list: made, version: 1 }]);
    expect(await removeList(operator, { listId: made?.id, base: 1 }, world.deps)).toMatchObject({ status: "ok", n: 2 });
    expect([await lists(), world.agent.lists()]).toEqual([[], []]);
    await expectAgreementOf(world);
  });

  it("may be read by everybody and changed by who may change farms", async () => {
    expect(await save(office, null, viewer)).toMatchObject({ status: "refused", code: "not-allowed" });
    expect(await removeList(viewer, { listId: office.id, base: 1 }, world.deps)).toMatchObject({ code: "not-allowed" });
    expect(await lists()).toEqual([]);
  });

  it("based on an old version is a conflict with the list as it is now", async () => {
    await started();
    await save(edited, 1, admin);
    expect(await save({ ...office, notes: "mine" }, 1)).toEqual({
      status: "conflict",
      conflicts: [],
      lists: [{ listId: office.id, base: 1, version: 3, list: edited, by: "Ada", at: 3 }],
    });
    const history = await readHistory(viewer, {}, world.deps);
    expect(history.ok && history.value.changes[0]?.text).toBe(
      "list office changed meanwhile by Ada; nothing was changed",
    );
  });

  it.each<[string, () => Promise<unknown>, object]>([
    ["a wrong network", () => save({ ...office, networks: ["::1", "x"] }, 1), { "networks[1]": expect.any(String) }],
    ["an unknown field", () => save({ ...office, more: 1 }, 1), { more: "Unknown field" }],
    ["a removal while a farm refers to it", () => remove(1), { "": "List office is in use: farm farm-1" }],
    [
      "another name meanwhile",
      () => save({ ...office, name: "hq" }, 1),
      { name: "List office is in use: farm farm-1" },
    ],
    [
      "a farm that refers to another",
      () => saveFarm(operator, { farm: { ...shop, policy: { ...shop.policy, deny: ["@hq"] } }, base: 2 }, world.deps),
      { "policy.deny[0]": "@hq: there is no list of this name" },
    ],
  ])("refuses %s at its place", async (_what, change, fieldErrors) => {
    await started();
    expect(await change()).toEqual({ status: "field-errors", fieldErrors });
    expect(world.agent.position().n).toBe(2);
  });
});

describe("undo", () => {
  it("puts a list back as it was, as long as nothing touched it since", async () => {
    await started();
    await save(edited, 1);
    expect([await canUndo(3), await canUndo(1)]).toEqual([true, false]);
    expect(await undo(3)).toMatchObject({ status: "ok", n: 4 });
    expect(await lists()).toEqual([{ list: office, version: 4 }]);
    expect(await undo(3)).toMatchObject({ status: "refused", code: "conflict" });
  });

  it("brings a removed list back, whatever happened to others since, and takes a new one away", async () => {
    await save(office, null);
    await remove(1);
    await save({ ...edited, id: uuid(502), name: "other" }, null);
    expect(await undo(2)).toMatchObject({ status: "ok", n: 4 });
    expect(await undo(4)).toMatchObject({ status: "ok", n: 5 });
    expect(await undo(2)).toMatchObject({ status: "refused" });
    expect(world.agent.lists().map(({ name }) => name)).toEqual(["other"]);
    await expectAgreementOf(world);
  });
});

describe("agreement", () => {
  it("after the command line changed a list: its revision comes from the journal", async () => {
    await started();
    world.agent.commandLine(uuid(9), [{ type: "put-list", base: 1, list: edited }]);
    expect(await reconcile(world.deps)).toEqual(ok("caught-up"));
    expect(await lists()).toEqual([{ list: edited, version: 3 }]);
    await expectAgreementOf(world);
  });

  it("with an agent that lost its state: it gets the lists with the farms that refer to them", async () => {
    await started();
    world.agent.wipe();
    expect(await reconcile(world.deps)).toEqual(ok("re-seeded"));
    expect([world.agent.lists(), world.agent.farms()]).toEqual([[office], [shop]]);
    expect(await lists()).toEqual([{ list: office, version: world.agent.position().n }]);
    await expectAgreementOf(world);
  });

  it("with a database that lost its rows: lists alone are taken over too", async () => {
    world.agent.commandLine(uuid(9), [{ type: "put-list", base: null, list: office }]);
    const actor = { id: "", name: "" };
    const empty = { epoch: 1, n: 0, uuid: uuid(8), actor, at: 1, digest: "", sentences: [], farms: [] };
    await world.database.farms.importState(empty);
    expect((await reconcile(world.deps)).ok).toBe(true);
    expect(await lists()).toMatchObject([{ list: office }]);
    await expectAgreementOf(world);
  });

  it("when both sides changed: the agent's lists stay, ours are kept as a refused change", async () => {
    await started();
    const back = world.agent.save();
    await save(edited, 1);
    back();
    world.agent.commandLine(uuid(9), [
      { type: "put-list", base: 1, list: { ...office, notes: "theirs" } },
      { type: "put-list", base: null, list: { ...edited, id: uuid(502), name: "new" } },
    ]);
    expect((await reconcile(world.deps)).ok).toBe(true);
    const history = await readHistory(viewer, {}, world.deps);
    expect(history.ok && history.value.changes[0]?.operations).toMatchObject([
      { type: "put-list", list: edited },
      { type: "remove-list", listId: uuid(502) },
    ]);
    expect(world.agent.lists()).toMatchObject([{ notes: "theirs" }, { name: "new" }]);
    await expectAgreementOf(world);
  });
});
