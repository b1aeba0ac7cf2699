import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Allocation,
  allocateFarm,
  allocateLists,
  emptyAllocation,
  releaseFarm,
} from "../../allocation/allocation.ts";
import { parseAllocation, serializeAllocation } from "../../allocation/serialize.ts";
import { effective } from "../../farm/effective.ts";
import { testFarm, testId } from "../../farm/farm-fixture.ts";
import type { NamedList } from "../../farm/named-list.ts";
import { listNetworksSchema } from "../../farm/networks.ts";
import type { Farm } from "../../farm/types.ts";
import { compile } from "../compile.ts";
import { diff } from "../diff.ts";
import type { Ruleset } from "../model.ts";
import { render } from "../render.ts";
import { flatten } from "../ruleset.ts";
import { afterOps, comparable } from "../ruleset-fixture.ts";

const both = [{ address: "198.51.100.10" }, { address: "2001:db8::10" }];

function listOf(name: string, networks: readonly string[]): NamedList {
  return { id: testId("farm", 5000 + name.charCodeAt(0)), name, networks: [...networks], notes: "" };
}

function farmOf(number: number, policy: object): Farm {
  return testFarm(number, both, { addresses: [`192.0.2.${number}`, `2001:db8:1::${number}`], policy });
}

/** As the agent does it: lists, then farms. */
class Kernel {
  allocation: Allocation = emptyAllocation();
  ruleset: Ruleset | undefined;

  set(farms: readonly Farm[], lists: readonly NamedList[]): Ruleset {
    this.allocation = allocateLists(
      this.allocation,
      lists.map(({ name }) => name),
    );
    const kept = new Set(farms.map(({ id }) => id));
    for (const id of [...this.allocation.farms.keys()])
      if (!kept.has(id)) this.allocation = releaseFarm(this.allocation, id);
    const effectives = new Map(farms.map((farm) => [farm.id, effective(farm, new Map())]));
    for (const farm of farms) {
      const eff = effectives.get(farm.id);
      const allocated = eff === undefined ? null : allocateFarm(this.allocation, farm, eff);
      if (!allocated?.ok) throw new Error("not allocated");
      this.allocation = allocated.value;
    }
    this.ruleset = compile(farms, effectives, this.allocation, this.ruleset, lists);
    return this.ruleset;
  }
}

const setsOf = (ruleset: Ruleset) => [...flatten(ruleset).objects.keys()].filter((name) => name.startsWith("list_"));

describe("a named list in the kernel", () => {
  const office = listOf("office", ["10.0.0.0/8", "fd00::/8"]);
  const farms = [farmOf(1, { deny: ["@office"] }), farmOf(2, { allow: ["@office", "192.0.2.0/24"] })];

  it("is one set a family, whoever refers to it, and none while nobody does", () => {
    const kernel = new Kernel();
    expect(setsOf(kernel.set([], [office]))).toEqual([]);
    const sets = setsOf(kernel.set(farms, [office]));
    expect(sets.map((name) => name.slice(0, 8))).toEqual(["list_1_4", "list_1_6"]);
    expect(setsOf(kernel.set(farms.slice(0, 1), [office]))).toEqual(sets);
    expect(setsOf(kernel.set([], [office]))).toEqual([]);
  });

  it("is looked into by rules that name a number: denied ones count by themselves, allowed ones beside the farm's own", () => {
    const ruleset = new Kernel().set(farms, [office]);
    const rules = [...flatten(ruleset).chains.values()].flat().filter((rule) => rule.includes("@list_"));
    expect(rules.map((rule) => rule.replace(/ comment .*/, ""))).toEqual([
      expect.stringMatching(/^ip saddr @list_1_4_\w{4} update @turned \{ 0x517a1202 timeout 1d counter \} drop$/),
      expect.stringMatching(/^ip6 saddr @list_1_6_\w{4} update @turned \{ 0x517a1202 timeout 1d counter \} drop$/),
      expect.stringMatching(/^ip saddr != @allow_2_4_\w{4} ip saddr != @list_1_4_\w{4} update @turned .* drop$/),
      expect.stringMatching(/^ip6 saddr != @list_1_6_\w{4} update @turned .* drop$/),
    ]);
  });

  it("changes by elements alone, however many farms refer to it, and without a word when nobody does", () => {
    const kernel = new Kernel();
    const before = kernel.set(farms, [office]);
    const after = kernel.set(farms, [{ ...office, networks: ["10.0.0.0/9", "fd00::/8"] }]);
    expect(diff(before, after)).toEqual([
      { type: "delete-elements", object: expect.stringMatching(/^list_1_4_/), keys: ["10.0.0.0/8"] },
      { type: "add-elements", object: expect.stringMatching(/^list_1_4_/), elements: [["10.0.0.0/9", ""]] },
    ]);
    const alone = kernel.set([], [office]);
    expect(diff(alone, kernel.set([], [{ ...office, networks: [] }]))).toEqual([]);
  });

  it("whose name goes and comes back has another number, and text of people is nowhere", () => {
    const kernel = new Kernel();
    const first = kernel.set(farms, [office]);
    kernel.set([], []);
    const again = kernel.set(farms, [office]);
    expect(setsOf(again).filter((name) => setsOf(first).includes(name))).toEqual([]);
    expect(render(diff(null, again))).not.toContain("office");
  });

  it("keeps its number, and its counters theirs, over a restart; what was saved before there were lists is read", () => {
    const kernel = new Kernel();
    kernel.set(farms, [office]);
    const text = serializeAllocation(kernel.allocation);
    const read = parseAllocation(text);
    if (!read.ok) throw new Error(read.error.text);
    expect([read.value.lists, read.value.nextListNumber]).toEqual([new Map([["office", 1]]), 3]);
    expect(read.value.farms.get(farms[0]?.id ?? "")?.denials).toEqual(new Map([["office", 2]]));
    const { nextListNumber: _next, lists: _lists, ...old } = JSON.parse(text) as Record<string, unknown>;
    const oldFarms = (old.farms as Record<string, unknown>[]).map(({ denials: _denials, ...farm }) => farm);
    expect(parseAllocation(JSON.stringify({ ...old, farms: oldFarms }))).toMatchObject({
      value: { nextListNumber: 1 },
    });
    expect(parseAllocation(JSON.stringify({ ...JSON.parse(text), nextListNumber: 1 }))).toMatchObject({ ok: false });
  });
});

describe("the difference of two rulesets with lists", () => {
  const names = ["a", "b", "c"];
  const networks = fc.subarray(["10.0.0.0/8", "10.1.0.0/16", "11.0.0.0/8", "192.0.2.1-192.0.2.9", "fd00::/8"]);
  const references = fc.subarray([...names.map((name) => `@${name}`), "172.16.0.0/12"]);
  const state = fc.record({
    held: fc.array(networks, { minLength: 3, maxLength: 3 }),
    farms: fc.array(fc.record({ number: fc.integer({ min: 1, max: 3 }), allow: references, deny: references }), {
      maxLength: 3,
    }),
  });

  it("leads from every one to the next, by memory and by listing, with no set left over", () => {
    fc.assert(
      fc.property(fc.array(state, { minLength: 2, maxLength: 5 }), (states) => {
        const kernel = new Kernel();
        let flat = null;
        let before: Ruleset | null = null;
        for (const { held, farms } of states) {
          const byNumber = new Map(farms.map(({ number, ...policy }) => [number, farmOf(number, policy)]));
          const used = new Set([...byNumber.values()].flatMap(({ policy }) => [...policy.allow, ...policy.deny]));
          const lists = names.flatMap((name, at) =>
            used.has(`@${name}`) || at === 0 ? [listOf(name, listNetworksSchema.parse(held[at]))] : [],
          );
          const after = kernel.set([...byNumber.values()], lists);
          const listed: ReturnType<typeof flatten> | null = flat;
          flat = afterOps(flat, diff(before, after));
          expect(comparable(flat)).toEqual(comparable(flatten(after)));
          if (listed !== null) expect(comparable(afterOps(listed, diff(listed, after)))).toEqual(comparable(flat));
          before = after;
        }
      }),
    );
  });
});
