import { describe, expect, it } from "vitest";
import type { NamedList } from "../farm/named-list.ts";
import { applyOperations, type Desired, desiredFrom, emptyDesired, isConflict } from "./apply-operations.ts";
import { createDigester } from "./digest.ts";
import { explainList } from "./explain-lists.ts";
import type { Operation } from "./operation.ts";
import { sampleFarm, uuid } from "./sample.testing.ts";
import { undoListOperations } from "./undo.ts";

const office: NamedList = { id: uuid(501), name: "office", networks: ["10.0.0.0/8"], notes: "" };
const shop = sampleFarm(1, [{}], { policy: { deny: ["@office"] } });
const mail = sampleFarm(2, [{}], { policy: { allow: ["192.168.0.0/16", "@office"] } });
const actor = { id: "p1", name: "Ann" };

function changedBy(desired: Desired, ...operations: Operation[]): Desired {
  const applied = applyOperations(desired, operations, { epoch: 1, n: desired.n + 1, actor, at: 5 });
  if (!applied.ok) throw new Error(applied.error.text);
  return applied.value.desired;
}

function refusal(desired: Desired, ...operations: Operation[]) {
  const applied = applyOperations(desired, operations, { epoch: 1, n: desired.n + 1, actor, at: 5 });
  if (applied.ok) throw new Error("was accepted");
  return applied.error;
}

const made = changedBy(emptyDesired(), { type: "put-list", base: null, list: office });
const used = changedBy(
  made,
  { type: "put-farm", base: null, farm: shop },
  { type: "put-farm", base: null, farm: mail },
);
const edited = { ...office, networks: ["10.0.0.0/9"] };

describe("a change of a list", () => {
  it("touches no farm, and its version is the revision", () => {
    const applied = applyOperations(used, [{ type: "put-list", base: 1, list: edited }], {
      epoch: 1,
      n: 3,
      actor,
      at: 5,
    });
    if (!applied.ok) throw new Error(applied.error.text);
    const { desired, touched, touchedLists } = applied.value;
    expect([touched, touchedLists, desired.n]).toEqual([[], [office.id], 3]);
    expect(desired.lists.get(office.id)).toEqual({ list: edited, version: 3, actor, at: 5 });
    expect(desired.farms.get(shop.id)).toBe(used.farms.get(shop.id));
  });

  it("based on an old version is a conflict with both sides", () => {
    const now = changedBy(used, { type: "put-list", base: 1, list: edited });
    const error = refusal(now, { type: "put-list", base: 1, list: office });
    expect(isConflict(error) && error.lists).toMatchObject([{ listId: office.id, base: 1, version: 3, list: edited }]);
    expect(error.text).toBe("List office changed meanwhile by Ann; nothing was changed");
  });

  it.each<[string, Operation[], string, string]>([
    [
      "that removes one in use",
      [{ type: "remove-list", base: 1, listId: office.id }],
      "",
      "List office is in use: farms farm-1, farm-2",
    ],
    [
      "that renames one in use",
      [{ type: "put-list", base: 1, list: { ...office, name: "hq" } }],
      "name",
      "List office is in use: farms farm-1, farm-2",
    ],
    [
      "that takes the name of another",
      [{ type: "put-list", base: null, list: { ...office, id: uuid(502) } }],
      "name",
      "There is a list office already",
    ],
    [
      "that refers to one that is not there",
      [{ type: "put-farm", base: null, farm: sampleFarm(3, [{}], { policy: { deny: ["10.0.0.1", "@gone"] } }) }],
      "policy.deny[1]",
      "@gone: there is no list of this name",
    ],
    [
      "that does so among others",
      [
        { type: "put-list", base: 1, list: edited },
        { type: "put-farm", base: null, farm: sampleFarm(3, [{}], { policy: { deny: ["@gone"] } }) },
      ],
      "operations[1].farm.policy.deny[0]",
      "@gone: there is no list of this name",
    ],
  ])("%s is refused with its path", (_what, operations, path, message) => {
    expect(refusal(used, ...operations)).toMatchObject({ code: "invalid", issues: [{ path, message }] });
  });

  it("may bring a list and the farm that refers to it, and take both away, in any order", () => {
    const both = changedBy(
      emptyDesired(),
      { type: "put-farm", base: null, farm: shop },
      { type: "put-list", base: null, list: office },
    );
    const gone = changedBy(
      both,
      { type: "remove-list", base: 1, listId: office.id },
      { type: "remove-farm", base: 1, farmId: shop.id },
    );
    expect([both.lists.size, gone.lists.size, gone.farms.size]).toEqual([1, 0, 0]);
  });

  it("is undone by the operation that puts the list back", () => {
    const now = changedBy(used, { type: "put-list", base: 1, list: edited });
    const back = changedBy(now, ...undoListOperations(office, edited, 3));
    expect(back.lists.get(office.id)?.list).toEqual(office);
    expect(changedBy(made, ...undoListOperations(null, office, 1)).lists.size).toBe(0);
    const gone = changedBy(made, { type: "remove-list", base: 1, listId: office.id });
    expect(changedBy(gone, ...undoListOperations(office, null, null)).lists.get(office.id)?.version).toBe(3);
  });
});

describe("a whole state", () => {
  it("with a farm that refers to nothing is refused", () => {
    const farms = [{ farm: shop, version: 1, actor: null, at: null }];
    expect(desiredFrom({ epoch: 1, n: 1 }, farms)).toMatchObject({
      error: { issues: [{ path: "farms[0].policy.deny[0]" }] },
    });
    const lists = [{ list: office, version: 1, actor: null, at: null }];
    expect(desiredFrom({ epoch: 1, n: 1 }, farms, lists)).toMatchObject({ ok: true });
  });

  it("without lists has the digest it had before there were lists", () => {
    const digest = createDigester((texts) => texts.join(""));
    expect(digest([shop], [])).toBe(digest([shop]));
    expect(digest([shop], [office])).not.toBe(digest([shop], [edited]));
  });
});

describe("the sentences of a list", () => {
  it("count addresses, not how they are written, and name who follows", () => {
    const list = (networks: string[]) => ({ ...office, networks });
    expect(explainList({ before: null, after: office, farms: [] })).toEqual(["New list office: 10.0.0.0/8"]);
    expect(
      explainList({ before: list(["10.0.0.0/16"]), after: list(["10.0.0.0/15", "fd00::/8"]), farms: ["a", "b"] }),
    ).toEqual(["List office: 10.1.0.0/16, fd00::/8 added", "Farms a, b follow at once"]);
    expect(explainList({ before: office, after: { ...list([]), notes: "x" }, farms: ["a"] })).toEqual([
      "List office: 10.0.0.0/8 removed",
      "Farm a follows at once",
      "List office: the notes change",
    ]);
    expect(explainList({ before: office, after: null, farms: [] })).toEqual(["List office is removed"]);
  });
});
