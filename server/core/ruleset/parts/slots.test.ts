import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocateFarm, emptyAllocation } from "../../allocation/allocation.ts";
import { effective } from "../../farm/effective.ts";
import { testFarm } from "../../farm/farm-fixture.ts";
import type { Farm } from "../../farm/types.ts";
import { unmeasured } from "../../health/condition.ts";
import { compileFarm } from "../compile.ts";
import { diff } from "../diff.ts";
import { hashKinds } from "../hash-fixture.ts";
import type { Op } from "../ops.ts";
import { flatten } from "../ruleset.ts";
import { type Built, built, everyKind } from "../ruleset-fixture.ts";

/** Slot mark -> backend mark. */
function slotsOf({ ruleset }: Built): Map<string, string> {
  return new Map(flatten(ruleset).elements.get("slots"));
}

function rulesOf(farm: Farm): string[] {
  return [...flatten(built([farm]).ruleset).chains].flatMap(([, rules]) => rules);
}

/** The change from one state of a farm to the next, in the allocation it has. */
function change(before: Farm, after: Farm): { first: Built; next: Built; ops: readonly Op[] } {
  const first = built([before]);
  const next = built([after], new Map(), first.allocation);
  return { first, next, ops: diff(first.ruleset, next.ruleset) };
}

const backends = (weights: readonly number[]) =>
  weights.map((weight, at) => ({ address: `198.51.100.${at + 1}`, weight }));
const hashed = (weights: readonly number[], scheduler = "source-hash") => testFarm(1, backends(weights), { scheduler });

describe("the rule of a farm", () => {
  it("hashes what the farm says, in one order however it is written", async () => {
    const text = hashKinds()
      .map((farm) => [`# ${farm.scheduler} by ${farm.hashFields.join(", ")}`, ...rulesOf(farm), ""].join("\n"))
      .join("\n");
    await expect(text).toMatchFileSnapshot("../testdata/hash-rules.txt");
  });

  it.each(["least-connections", "least-response", "least-load"])(
    "of %s goes by the weights in turn, over slots whose number no weight moves",
    (scheduler) => {
      expect(rulesOf(hashed([2, 1], scheduler))).toEqual(rulesOf(hashed([79, 41], "weighted")));
    },
  );
});

it("no rule of any farm that has a modulus leads somewhere, so that another modulus makes the kernel follow no ways", () => {
  const rules = [...flatten(built(everyKind()).ruleset).chains].flatMap(([, own]) => own);
  const generating = rules.filter((rule) => / mod [0-9]+ /.test(rule));
  expect(generating.length).toBeGreaterThan(30);
  expect(generating.filter((rule) => /\b(jump|goto|vmap)\b/.test(rule))).toEqual([]);
});

describe("the slots of a hash", () => {
  it("are the same on a balancer that came to the farm another way", () => {
    const target = hashed([10, 20, 30]);
    const direct = built([target]);
    const detour = [hashed([1, 0, 1000]), hashed([5, 5, 5], "weighted"), target].reduce<Built>(
      (before, farm) => built([farm], new Map(), before.allocation),
      built([testFarm(2), hashed([1])]),
    );
    const table = (state: Built) => {
      const { base = 0, modulus = 0 } = state.allocation.farms.get(target.id)?.slots[4] ?? {};
      const names = new Map(
        Array.from(state.allocation.farms.get(target.id)?.ids ?? [], ([key, id]) => [id, key] as const),
      );
      const slots = slotsOf(state);
      return Array.from({ length: modulus }, (_, at) => {
        const mark = slots.get(`0x${(0xd1000000 + base + at).toString(16)}`) ?? "0x0";
        return names.get(Number(mark) - 0x51000000);
      });
    };
    expect(table(direct)).toHaveLength(1024);
    expect(table(detour)).toEqual(table(direct));
  });

  it("that a new weight does not move are not touched, nor is the rule", () => {
    const { first, next, ops } = change(hashed([100, 100, 100]), hashed([100, 100, 50]));
    const before = slotsOf(first);
    const moved = [...slotsOf(next)].filter(([slot, mark]) => before.get(slot) !== mark).length;
    expect(moved).toBeGreaterThan(80);
    expect(moved).toBeLessThan(200);
    const sizes = ops.flatMap((op) =>
      op.type === "add-elements" ? op.elements.length : op.type === "delete-elements" ? op.keys.length : [],
    );
    expect(sizes).toEqual([moved, moved]);
    expect(ops.map(({ type }) => type)).toEqual(["delete-elements", "add-elements"]);
  });

  it("of a backend that drains go to the others and come back as they were", () => {
    const farm = hashed([100, 50, 10]);
    const drained = {
      ...farm,
      backends: farm.backends.map((backend, at) => (at === 0 ? { ...backend, adminState: "drain" as const } : backend)),
    };
    const { first, next } = change(farm, drained);
    const before = slotsOf(first);
    const after = slotsOf(next);
    expect([...after.values()]).not.toContain("0x51000001");
    for (const [slot, mark] of before) if (mark !== "0x51000001") expect(after.get(slot)).toBe(mark);
    expect(slotsOf(built([farm], new Map(), next.allocation))).toEqual(before);
  });
});

describe("the slots of weights that move", () => {
  it("are as if they were made anew, whatever they were before, and the same fragment where no slot moves", () => {
    const two = [{ address: "2001:db8::10" }, { address: "2001:db8::11" }];
    const farm = testFarm(1, [...backends([100, 50, 10]), ...two], {
      scheduler: "least-response",
      addresses: ["192.0.2.1", "2001:db8::1"],
    });
    const factor = fc.constantFrom(0, 0.1, 0.6, 0.601, 1, 1.7, 2);
    fc.assert(
      fc.property(fc.array(fc.tuple(factor, factor, factor, factor), { minLength: 2, maxLength: 6 }), (rounds) => {
        let allocation = emptyAllocation();
        for (const factors of rounds) {
          const conditions = new Map(
            farm.backends.map(({ id }, at) => [id, { ...unmeasured, factor: factors[at] ?? 1 }] as const),
          );
          const eff = effective(farm, conditions);
          const allocated = allocateFarm(allocation, farm, eff);
          if (!allocated.ok) throw new Error("no slots");
          allocation = allocated.value;
          const fragment = compileFarm(farm, eff, allocation);
          // another object of the same farm has no memory
          expect(fragment).toEqual(compileFarm({ ...farm }, eff, allocation));
          expect(compileFarm(farm, { ...eff }, allocation)).toBe(fragment);
        }
      }),
    );
  });
});
