import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocateFarm, emptyAllocation, releaseBlocks, releaseFarm, retiringBlocks } from "../allocation/allocation.ts";
import { effective } from "../farm/effective.ts";
import { testFarm } from "../farm/farm-fixture.ts";
import type { Farm } from "../farm/types.ts";
import { compile } from "./compile.ts";
import { diff, repair } from "./diff.ts";
import type { Ruleset } from "./model.ts";
import type { Op } from "./ops.ts";
import { emptyRuleset, flatten, withCut } from "./ruleset.ts";
import { afterOps, type Built, built, comparable, everyKind } from "./ruleset-fixture.ts";

type Step = { readonly number: number; readonly farm: Farm | null; readonly isReleasing: boolean };

const backend = fc.record({
  address: fc.constantFrom("198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4"),
  port: fc.constantFrom(null, 80, 8080),
  weight: fc.constantFrom(0, 1, 2, 100, 333),
  adminState: fc.constantFrom("active", "active", "drain", "maintenance"),
});
const v6Backend = fc.record({
  address: fc.constantFrom("2001:db8::1", "2001:db8::2"),
  weight: fc.constantFrom(0, 1, 7),
});
const step: fc.Arbitrary<Step> = fc
  .record({
    number: fc.integer({ min: 1, max: 4 }),
    isRemoving: fc.integer({ min: 0, max: 5 }).map((dice) => dice === 0),
    isReleasing: fc.boolean(),
    v4: fc.uniqueArray(backend, { minLength: 1, maxLength: 4, selector: ({ address, port }) => `${address} ${port}` }),
    v6: fc.uniqueArray(v6Backend, { maxLength: 2, selector: ({ address }) => address }),
    fields: fc.record({
      enabled: fc.boolean(),
      scheduler: fc.constantFrom("weighted", "random", "round-robin", "weighted", "source-hash"),
      forwarding: fc.constantFrom("dnat", "snat"),
      onAllDown: fc.constantFrom("reject", "drop"),
      ports: fc.constantFrom([80], [443, "8000-8010"], []),
    }),
  })
  .map(({ number, isRemoving, isReleasing, v4, v6, fields }) => {
    const addresses = [`192.0.2.${number}`, ...(v6.length > 0 ? [`2001:db8:1::${number}`] : [])];
    return {
      number,
      isReleasing,
      farm: isRemoving ? null : testFarm(number, [...v4, ...v6], { ...fields, addresses }),
    };
  });
const steps = fc.array(step, { minLength: 1, maxLength: 8 });

/** Each ruleset on the way, as the agent would reach it. */
function walk(list: readonly Step[]): Ruleset[] {
  const farms = new Map<string, Farm>();
  const effectives = new Map<string, ReturnType<typeof effective>>();
  let allocation = emptyAllocation();
  let ruleset = emptyRuleset(allocation.tag);
  return list.map(({ number, farm, isReleasing }) => {
    const id = testFarm(number).id;
    if (isReleasing)
      allocation = releaseBlocks(
        allocation,
        retiringBlocks(allocation).map(({ base }) => base),
      );
    if (farm === null) {
      farms.delete(id);
      allocation = releaseFarm(allocation, id);
    } else {
      const eff = effective(farm, new Map());
      farms.set(id, farm);
      effectives.set(id, eff);
      const result = allocateFarm(allocation, farm, eff);
      if (!result.ok) throw new Error(result.error.text);
      allocation = result.value;
    }
    ruleset = compile(farms.values(), effectives, allocation, ruleset);
    return ruleset;
  });
}

function types(ops: readonly Op[]): string[] {
  return ops.map((op) => op.type);
}

describe("diff", () => {
  it("applied to a gives b, for every two rulesets on a random way", () => {
    fc.assert(
      fc.property(steps, (list) => {
        let kernel = afterOps(null, diff(null, emptyRuleset(0x51)));
        let running = emptyRuleset(0x51);
        for (const desired of walk(list)) {
          kernel = afterOps(kernel, diff(running, desired));
          expect(comparable(kernel)).toEqual(comparable(flatten(desired)));
          running = desired;
        }
      }),
    );
  });

  it("from a listing gives b too, whatever runs", () => {
    fc.assert(
      fc.property(steps, steps, (first, second) => {
        const running = walk(first).at(-1);
        const desired = walk(second).at(-1);
        if (running === undefined || desired === undefined) throw new Error("no step");
        for (const way of [diff, repair]) {
          const kernel = afterOps(flatten(running), way(flatten(running), desired));
          expect(comparable(kernel)).toEqual(comparable(flatten(desired)));
        }
      }),
    );
  });

  it("of a ruleset with itself is empty, by reference, by value and by listing", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const [one, two] = [walk(list).at(-1), walk(list).at(-1)];
        if (one === undefined || two === undefined) throw new Error("no step");
        expect(diff(one, one)).toEqual([]);
        expect(diff(one, two)).toEqual([]);
        expect(diff(flatten(one), two)).toEqual([]);
      }),
    );
  });

  it("with an empty kernel loads everything, the table first", () => {
    const { ruleset } = built(everyKind());
    const ops = diff(null, ruleset);
    expect(ops[0]).toEqual({ type: "replace-table", tag: 0x51 });
    expect(comparable(afterOps(null, ops))).toEqual(comparable(flatten(ruleset)));
  });

  it("with another tag loads everything anew", () => {
    const farms = [testFarm(1)];
    const other = built(farms, new Map(), emptyAllocation(0x42)).ruleset;
    expect(types(diff(built(farms).ruleset, other))[0]).toBe("replace-table");
  });
});

describe("a change of weights", () => {
  const weighted = (weights: readonly number[]) =>
    testFarm(
      1,
      weights.map((weight, at) => ({ address: `198.51.100.${at + 1}`, weight })),
    );
  const others = [testFarm(2), testFarm(3)];

  function changed(before: Built, farm: Farm): Op[] {
    const eff = effective(farm, new Map());
    const result = allocateFarm(before.allocation, farm, eff);
    if (!result.ok) throw new Error(result.error.text);
    const farms = [farm, ...others];
    const effectives = new Map(before.effective).set(farm.id, eff);
    return diff(before.ruleset, compile(farms, effectives, result.value, before.ruleset));
  }

  it("exact in the same modulus edits slot elements and nothing else", () => {
    const ops = changed(built([weighted([3, 1]), ...others]), weighted([1, 3]));
    expect(types(ops)).toEqual(["delete-elements", "add-elements"]);
    for (const op of ops) expect(op).toMatchObject({ object: "slots" });
  });

  it("with another modulus also replaces that farm's one rule, in the same transaction", () => {
    const ops = changed(built([weighted([3, 1]), ...others]), weighted([1, 2]));
    expect(types(ops)).toEqual(["delete-elements", "add-elements", "rewrite-chain"]);
    expect(ops[2]).toEqual({
      type: "rewrite-chain",
      chain: "f_1_4",
      before: ["ct mark set numgen inc mod 4 offset 0xd1000000", "goto sched4"],
      rules: ["ct mark set numgen inc mod 3 offset 0xd1000000", "goto sched4"],
    });
  });

  it("that outgrows the block writes a new block, then the rule, and deletes no slot", () => {
    const ops = changed(built([weighted([3, 1]), ...others]), weighted([3, 4]));
    const deleted = ops.flatMap((op) => (op.type === "delete-elements" ? op.keys : []));
    const added = ops.flatMap((op) => (op.type === "add-elements" ? op.elements.map(([key]) => key) : []));
    expect(added.filter((key) => !deleted.includes(key))).toHaveLength(7);
    expect(deleted.every((key) => added.includes(key))).toBe(true);
    expect(types(ops).at(-1)).toBe("rewrite-chain");
  });
});

describe("single changes", () => {
  const one = testFarm(1);

  it("stop a farm by its dispatch elements alone", () => {
    const { ruleset } = built([one]);
    const off = built([{ ...one, enabled: false }]).ruleset;
    expect(diff(ruleset, off)).toEqual([{ type: "delete-elements", object: "svc4", keys: ["192.0.2.1 . tcp . 80"] }]);
  });

  it("leave the counters of an id alone that is retired", () => {
    const before = built([one]);
    const retired = releaseFarm(before.allocation, one.id);
    const ops = diff(before.ruleset, compile([], before.effective, retired, before.ruleset));
    const objects = ops.map((op) => ("object" in op ? op.object : op.type));
    expect(objects).not.toContain("bin");
    expect(objects).toContain("be4");
    expect(types(ops).slice(-2)).toEqual(["flush-chain", "delete-chain"]);
  });

  it("cut by adding an id to a cut set, whose hooks come with the first and go with the last", () => {
    const { ruleset } = built([one]);
    const one2 = withCut(ruleset, { orig: new Set([2]), reply: new Set() });
    const both = withCut(ruleset, { orig: new Set([2]), reply: new Set([2]) });
    const hooks = ["cut_forward", "cut_input", "cut_output"];
    const coming = diff(ruleset, one2);
    expect(coming.filter(({ type }) => type === "add-chain")).toEqual(
      hooks.map((chain) => ({
        type: "add-chain",
        chain,
        hook: `type filter hook ${chain.slice(4)} priority filter - 1; policy accept;`,
      })),
    );
    expect(coming.at(-1)).toEqual({ type: "add-elements", object: "cut_orig", elements: [["0x51000002", ""]] });
    expect(diff(one2, both)).toEqual([{ type: "add-elements", object: "cut_reply", elements: [["0x51000002", ""]] }]);
    const going = diff(both, ruleset);
    expect(going.slice(0, 2)).toEqual([
      { type: "delete-elements", object: "cut_orig", keys: ["0x51000002"] },
      { type: "delete-elements", object: "cut_reply", keys: ["0x51000002"] },
    ]);
    expect(going.filter(({ type }) => type === "delete-chain")).toEqual(
      hooks.map((chain) => ({ type: "delete-chain", chain })),
    );
    expect(diff(flatten(both), both)).toEqual([]);
    expect(diff(flatten(both), ruleset)).toEqual(going);
  });

  it("take maintenance out of the address map and keep it counted", () => {
    const backends = (adminState: string) => [
      { address: "198.51.100.10", adminState },
      { address: "198.51.100.11" },
      { address: "198.51.100.12" },
    ];
    const before = built([testFarm(1, backends("drain"))]);
    const after = built([testFarm(1, backends("maintenance"))], new Map(), before.allocation);
    expect(diff(before.ruleset, after.ruleset)).toEqual([
      { type: "delete-elements", object: "be4", keys: ["0x51000001"] },
    ]);
  });
});
