import { describe, expect, it } from "vitest";
import { allocateFarm, releaseBlocks, releaseFarm, retiringBlocks } from "../allocation/allocation.ts";
import { effective } from "../farm/effective.ts";
import { testFarm } from "../farm/farm-fixture.ts";
import type { Farm } from "../farm/types.ts";
import { compile, compileFarm } from "./compile.ts";
import { fixtureLists } from "./list-fixture.ts";
import type { FlatRuleset } from "./model.ts";
import { flatten, withCut, withFragment, withoutFarm, withRetired } from "./ruleset.ts";
import { type Built, built, comparable, everyKind } from "./ruleset-fixture.ts";

/** The same state with one farm replaced, the way the agent does it. */
function changed(before: Built, farm: Farm): Built {
  const eff = effective(farm, new Map());
  const result = allocateFarm(before.allocation, farm, eff);
  if (!result.ok) throw new Error(result.error.text);
  const fragment = compileFarm(farm, eff, result.value);
  const ruleset = withRetired(withFragment(before.ruleset, fragment), result.value.retired);
  return { allocation: result.value, effective: new Map(before.effective).set(farm.id, eff), ruleset };
}

function slotTargets(flat: FlatRuleset): string[] {
  return [...(flat.elements.get("slots")?.values() ?? [])];
}

const weighted = (weights: readonly number[]) =>
  testFarm(
    1,
    weights.map((weight, at) => ({ address: `198.51.100.${at + 1}`, weight })),
  );

describe("compile", () => {
  it("does not depend on the order of farms", () => {
    const farms = everyKind();
    const { allocation, effective: effectives, ruleset } = built(farms);
    const copies = farms.map((farm) => ({ ...farm })).reverse();
    const again = compile(copies, effectives, allocation, undefined, fixtureLists);
    expect(comparable(flatten(again))).toEqual(comparable(flatten(ruleset)));
  });

  it("gives the same fragment by reference for the same inputs by reference", () => {
    const farm = testFarm(1);
    const { allocation, effective: effectives, ruleset } = built([farm]);
    const again = compile([farm], effectives, allocation, undefined, fixtureLists);
    expect(again.fragments.get(farm.id)).toBe(ruleset.fragments.get(farm.id));
    expect(compile([farm], effectives, allocation, ruleset, fixtureLists)).toBe(ruleset);
  });

  it("from the previous ruleset gives what it gives from nothing, removed farms included", () => {
    const farms = everyKind();
    const before = built(farms);
    const kept = farms.slice(3);
    const removed = farms.slice(0, 3).reduce((allocation, farm) => releaseFarm(allocation, farm.id), before.allocation);
    const next = compile(kept, before.effective, removed, before.ruleset, fixtureLists);
    const anew = compile(kept, before.effective, removed, undefined, fixtureLists);
    expect(comparable(flatten(next))).toEqual(comparable(flatten(anew)));
  });

  it("one farm at a time gives what it gives for all at once", () => {
    const farms = everyKind();
    const step = farms.reduce(changed, built([]));
    expect(comparable(flatten(step.ruleset))).toEqual(comparable(flatten(built(farms).ruleset)));
  });

  it("counts backend addresses that several farms share", () => {
    const [one, two] = [testFarm(1), testFarm(2)];
    const { ruleset } = built([one, two]);
    const left = withoutFarm(ruleset, one.id);
    expect([...(flatten(left).elements.get("members4")?.keys() ?? [])]).toEqual(["198.51.100.10", "198.51.100.11"]);
    expect(flatten(withoutFarm(left, two.id)).elements.get("members4")?.size).toBe(0);
  });

  it("keeps retired ids counted and out of everything else", () => {
    const before = built([testFarm(1)]);
    const after = changed(before, testFarm(1, [{ address: "198.51.100.77" }]));
    const flat = flatten(after.ruleset);
    expect([...after.allocation.retired]).toHaveLength(2);
    expect(flat.elements.get("bin")?.size).toBe(3);
    expect([...(flat.elements.get("be4")?.values() ?? [])]).toEqual(["198.51.100.77 . 8080"]);
    expect(new Set(slotTargets(flat))).toEqual(new Set(["0x51000003"]));
  });

  it("puts cut ids into the two cut sets", () => {
    const { ruleset } = built([testFarm(1)]);
    const flat = flatten(withCut(ruleset, { orig: new Set([1, 2]), reply: new Set([1]) }));
    expect([...(flat.elements.get("cut_orig")?.keys() ?? [])]).toEqual(["0x51000001", "0x51000002"]);
    expect([...(flat.elements.get("cut_reply")?.keys() ?? [])]).toEqual(["0x51000001"]);
  });
});

describe("surplus slots", () => {
  it("of a smaller modulus keep pointing at backends that serve", () => {
    const before = built([weighted([2, 1, 1])]);
    const after = changed(before, weighted([1, 1, 0]));
    const flat = flatten(after.ruleset);
    expect(flat.elements.get("slots")?.size).toBe(4);
    expect(new Set(slotTargets(flat))).toEqual(new Set(["0x51000001", "0x51000002"]));
  });

  it("of a block just left point at backends that serve, and go when the block is released", () => {
    const before = built([weighted([1, 1])]);
    const grown = weighted([0, 5, 4]);
    const after = changed(before, grown);
    expect(new Set(slotTargets(flatten(after.ruleset)))).toEqual(new Set(["0x51000002", "0x51000003"]));
    expect(flatten(after.ruleset).elements.get("slots")?.size).toBe(9 + 2);
    const bases = retiringBlocks(after.allocation).map(({ base }) => base);
    const released = releaseBlocks(after.allocation, bases);
    const last = compile([grown], after.effective, released, after.ruleset);
    expect(flatten(last).elements.get("slots")?.size).toBe(9);
  });

  it("are gone when nobody serves: no slot points at a backend that is down", () => {
    const after = changed(built([weighted([1, 1])]), weighted([0, 0]));
    expect(slotTargets(flatten(after.ruleset))).toEqual([]);
    expect(flatten(after.ruleset).chains.get("f_1_4")).toEqual(["ct mark set 0x51ffffff"]);
  });
});
