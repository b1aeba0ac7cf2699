import { execFileSync, spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocateFarm } from "../core/allocation/allocation.ts";
import { effective } from "../core/farm/effective.ts";
import { testFarm } from "../core/farm/farm-fixture.ts";
import type { Farm } from "../core/farm/types.ts";
import { compile } from "../core/ruleset/compile.ts";
import { diff } from "../core/ruleset/diff.ts";
import type { Op } from "../core/ruleset/ops.ts";
import { renderScript } from "../core/ruleset/render.ts";
import { built } from "../core/ruleset/ruleset-fixture.ts";
import type { EditOrder, EditResult } from "./edit-process.testing.ts";
import { buildEditor } from "./harness.testing.ts";

const unshare = process.getuid?.() === 0 ? ["-n"] : ["-Urn"];
const isThere = spawnSync("unshare", [...unshare, "nft", "list", "tables"]).status === 0;

function carriedOut(orders: readonly EditOrder[]): EditResult[] {
  const input = JSON.stringify(orders);
  const output = execFileSync("unshare", [...unshare, process.execPath, buildEditor()], {
    input,
    maxBuffer: 256 * 1024 * 1024,
  });
  return JSON.parse(output.toString("latin1"));
}

const places = ["198.51.100.1", "198.51.100.2", "2001:db8::1", "2001:db8:0:1::a"];
/** its backends take so many connections */
const limited = { scheduler: "weighted" };
const kinds: readonly object[] = [
  {},
  { scheduler: "random" },
  { persistence: { by: "source-address", timeoutS: 120 } },
  { persistence: { prefixV4: 24 }, scheduler: "random" },
  limited,
];
const state = fc.array(
  fc.record({
    weight: fc.integer({ min: 0, max: 60 }),
    adminState: fc.constantFrom("active", "active", "maintenance"),
  }),
  { minLength: places.length, maxLength: places.length },
);

/** `before` loaded, and the ops to `after` as the agent reaches it: a farm with these weights beside another one. */
function orderOf(before: Farm, after: Farm): EditOrder {
  const other = testFarm(2);
  const start = built([before, other]);
  const eff = effective(after, new Map());
  const allocation = allocateFarm(start.allocation, after, eff);
  if (!allocation.ok) throw new Error(allocation.error.text);
  const effectives = new Map(start.effective).set(after.id, eff);
  const ops = diff(start.ruleset, compile([after, other], effectives, allocation.value, start.ruleset));
  return { load: renderScript(start.ruleset), ops, foreign: null };
}

function farmOf(kind: object, states: readonly object[]): Farm {
  const backends = states.map((each, at) => ({
    address: places[at] ?? "",
    port: at % 2 === 0 ? 80 : null,
    maxConnections: kind === limited ? 3 + at : null,
    ...each,
  }));
  return testFarm(1, backends, { addresses: ["192.0.2.1", "2001:db8:1::1"], ports: [80], ...kind });
}

const isSaid = (op: Op) => ["add-elements", "delete-elements", "rewrite-chain"].includes(op.type);

describe.skipIf(!isThere)("a transaction without nft (skipped where there is no network namespace with nft)", () => {
  it("leaves the kernel as nft would have left it, whatever the weights, in both families", () => {
    const pairs = fc.sample(fc.tuple(fc.constantFrom(...kinds), state, state), { numRuns: 30, seed: 7 });
    const orders = pairs
      .map(([kind, before, after]) => orderOf(farmOf(kind, before), farmOf(kind, after)))
      .filter(({ ops }) => ops.length > 0);
    const results = carriedOut(orders);
    for (const { byUs, byNft } of results.filter(({ answer }) => answer === "applied")) expect(byUs).toBe(byNft);
    for (const { byUs, before } of results.filter(({ answer }) => answer !== "applied")) expect(byUs).toBe(before);
    for (const { answer, raised } of results) expect(raised).toBe(answer === "applied" ? 1 : 0);
    for (const { proofs } of results) expect(new Set(proofs)).toEqual(new Set(proofs.length === 0 ? [] : ["same"]));
    const wrong = results.flatMap(({ wrongProofs }) => wrongProofs);
    expect([wrong.length > 12, new Set(wrong)]).toEqual([true, new Set(["differ"])]);
    // a family that loses or gains its last backend has another rule, which nft writes
    const simple = orders.map(({ ops }) => ops.every(isSaid));
    expect(results.filter(({ answer }, at) => simple[at] && answer === "applied").length).toBeGreaterThan(12);
  });

  it("gives every rule with a modulus another one, those of a backend's overflow too", () => {
    const weights = (...each: number[]) => each.map((weight) => ({ weight }));
    const [from, to] = [weights(3, 1, 2, 5), weights(1, 4, 7, 1)];
    const orders = kinds.map((kind) => orderOf(farmOf(kind, from), farmOf(kind, to)));
    for (const { ops } of orders) expect(ops.some(({ type }) => type === "rewrite-chain")).toBe(true);
    const results = carriedOut(orders);
    expect(results.map(({ answer, byUs, byNft }) => [answer, byUs === byNft])).toEqual(
      kinds.map(() => ["applied", true]),
    );
  });

  it("is not made when somebody wrote since, nor in part when the kernel refuses some of it", () => {
    const order = orderOf(farmOf({}, [{ weight: 3 }, { weight: 1 }]), farmOf({}, [{ weight: 1 }, { weight: 4 }]));
    const missing = { type: "delete-elements", object: "masq", keys: ["0x51000063"] } as const;
    const [stale, refused, large] = carriedOut([
      { ...order, foreign: "add table ip theirs" },
      { ...order, ops: [...order.ops, missing] },
      { ...order, ops: manySlots(3500) },
    ]);
    expect([stale?.answer, stale?.raised, stale?.byUs === stale?.before]).toEqual(["not-done", 0, true]);
    expect([refused?.answer, refused?.raised, refused?.byUs === refused?.before]).toEqual(["not-done", 0, true]);
    expect(refused?.byNft).toBeNull();
    expect([large?.answer, large?.byUs === large?.byNft]).toEqual(["applied", true]);
  });
});

function manySlots(count: number): Op[] {
  const elements = Array.from(
    { length: count },
    (_, at) => [`0xd10${(0x10000 + at).toString(16)}`, "0x51000001"] as const,
  );
  return [{ type: "add-elements", object: "slots", elements }];
}
