import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effective } from "../farm/effective.ts";
import { testFarm } from "../farm/farm-fixture.ts";
import type { Farm, Health } from "../farm/types.ts";
import { conditionsByHealth } from "../health/condition.ts";
import {
  type Allocation,
  allocateFarm,
  backendIdNumber,
  emptyAllocation,
  farmModulus,
  forgetRetired,
  releaseBlocks,
  releaseFarm,
  retiringBlocks,
} from "./allocation.ts";
import { numberMax } from "./marks.ts";

function allocated(allocation: Allocation, farm: Farm, health: ReadonlyMap<string, Health> = new Map()): Allocation {
  const result = allocateFarm(allocation, farm, effective(farm, conditionsByHealth(health)));
  if (!result.ok) throw new Error(result.error.text);
  return result.value;
}

function weighted(number: number, weights: readonly number[], more: Readonly<Record<string, unknown>> = {}): Farm {
  return testFarm(
    number,
    weights.map((weight, at) => ({ address: `198.51.${100 + (at >> 8)}.${at & 255}`, weight })),
    more,
  );
}

const slots4 = (allocation: Allocation, farm: Farm) => allocation.farms.get(farm.id)?.slots[4];

function idsOf(allocation: Allocation, farm: Farm): (number | null)[] {
  return farm.backends.map((backend) => backendIdNumber(allocation, farm.id, backend));
}

describe("backend ids", () => {
  it("count upward over farms and stay with their member", () => {
    const one = weighted(1, [1, 1]);
    const two = weighted(2, [1]);
    const first = allocated(allocated(emptyAllocation(), one), two);
    expect([...idsOf(first, one), ...idsOf(first, two)]).toEqual([1, 2, 3]);
    expect(idsOf(allocated(first, weighted(1, [9, 4])), one)).toEqual([1, 2]);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["address", { address: "203.0.113.9" }],
    ["port", { port: 9999 }],
    ["port, now the client's", { port: null }],
  ])("are new after a change of %s, and the old one is retired", (_what, change) => {
    const farm = weighted(1, [1, 1]);
    const before = allocated(emptyAllocation(), farm);
    const [head, ...rest] = farm.backends;
    if (head === undefined) throw new Error("no backend");
    const changed = { ...farm, backends: [{ ...head, ...change }, ...rest] };
    const after = allocated(before, changed);
    expect(idsOf(after, changed)).toEqual([3, 2]);
    expect([...after.retired]).toEqual([1]);
  });

  it("are never given twice, not even after the farm went and its ids were forgotten", () => {
    const farm = weighted(1, [1, 1]);
    const gone = forgetRetired(releaseFarm(allocated(emptyAllocation(), farm), farm.id), [1, 2]);
    expect(gone.retired.size).toBe(0);
    const again = allocated(gone, farm);
    expect(idsOf(again, farm)).toEqual([3, 4]);
    expect(again.farms.get(farm.id)?.number).toBe(2);
  });

  it("end with an answer, not with a wrong mark", () => {
    const last = { ...emptyAllocation(), nextId: numberMax };
    expect(allocateFarm(last, weighted(1, [1]), effective(weighted(1, [1]), new Map())).ok).toBe(true);
    const over = weighted(1, [1, 1]);
    expect(allocateFarm(last, over, effective(over, new Map()))).toMatchObject({
      ok: false,
      error: { code: "too-large" },
    });
  });
});

describe("slots", () => {
  it("keep modulus and block when new weights are exact in them", () => {
    const before = allocated(emptyAllocation(), weighted(1, [2, 1, 1]));
    expect(slots4(before, weighted(1, [1]))).toMatchObject({ modulus: 4, capacity: 4, filled: 4, rewrites: 1 });
    const farm = weighted(1, [1, 1, 2]);
    expect(allocated(before, farm)).toBe(before);
  });

  it("count a rewrite and stay in the block when another modulus fits", () => {
    const before = allocated(emptyAllocation(), weighted(1, [2, 1, 1]));
    const farm = weighted(1, [1, 1, 1]);
    const after = allocated(before, farm);
    expect(slots4(after, farm)).toMatchObject({ modulus: 3, capacity: 4, filled: 4, rewrites: 2 });
    expect(retiringBlocks(after)).toEqual([]);
  });

  it("move to a new block when they outgrow theirs, and the old one is free only when released", () => {
    const before = allocated(emptyAllocation(), weighted(1, [1, 1]));
    const farm = weighted(1, [1, 1, 1]);
    const after = allocated(before, farm);
    expect(slots4(after, farm)).toMatchObject({ modulus: 3, capacity: 4, base: 4 });
    expect(retiringBlocks(after)).toEqual([{ farmId: farm.id, base: 0 }]);
    const next = weighted(2, [1, 1]);
    expect(slots4(allocated(after, next), next)?.base).not.toBe(0);
    const released = releaseBlocks(after, [0]);
    expect(retiringBlocks(released)).toEqual([]);
    expect(released.farms.get(farm.id)?.retiring).toEqual([]);
    expect(slots4(allocated(released, next), next)?.base).toBe(0);
  });

  it("move to a smaller block when theirs is less than a quarter full", () => {
    const before = allocated(emptyAllocation(), weighted(1, [997, 3]));
    expect(slots4(before, weighted(1, [1]))).toMatchObject({ modulus: 1000, capacity: 1024 });
    const after = allocated(before, weighted(1, [100, 1]));
    expect(slots4(after, weighted(1, [1]))).toMatchObject({ modulus: 101, capacity: 128, filled: 101 });
  });

  it("leave their block when nobody serves, and take one again afterwards", () => {
    const farm = weighted(1, [1, 1]);
    const before = allocated(emptyAllocation(), farm);
    const down = new Map(farm.backends.map(({ id }) => [id, "down" as const]));
    const dark = allocated(before, farm, down);
    expect(slots4(dark, farm)).toEqual({ base: 0, capacity: 0, modulus: 0, filled: 0, rewrites: 2 });
    expect(farmModulus(dark, farm.id)).toEqual({ 4: 0, 6: 0 });
    expect(slots4(allocated(dark, farm), farm)).toMatchObject({ modulus: 2, rewrites: 3 });
  });

  it("of a farm that is gone cool down before another farm has them", () => {
    const farm = weighted(1, [1, 1]);
    const gone = releaseFarm(allocated(emptyAllocation(), farm), farm.id);
    expect(retiringBlocks(gone)).toEqual([{ farmId: null, base: 0 }]);
    const other = weighted(2, [1, 1]);
    expect(slots4(allocated(gone, other), other)?.base).toBe(2);
    expect(releaseBlocks(gone, [0]).space.top).toBe(0);
  });

  it("stand in a block of their own for each family", () => {
    const farm = testFarm(1, [{ address: "198.51.100.1" }, { address: "2001:db8::1" }, { address: "2001:db8::2" }], {
      addresses: ["192.0.2.1", "2001:db8:1::1"],
    });
    const { slots } = allocated(emptyAllocation(), farm).farms.get(farm.id) ?? {};
    expect(slots?.[4].modulus).toBe(1);
    expect(slots?.[6].modulus).toBe(2);
    expect(slots?.[4].base).not.toBe(slots?.[6].base);
  });
});

describe("slots of schedulers that hash", () => {
  const hashed = (weights: readonly number[], scheduler = "source-hash") => weighted(1, weights, { scheduler });

  it("stay where they are when weights change, so that only elements do", () => {
    const before = allocated(emptyAllocation(), hashed([1, 1, 1]));
    expect(slots4(before, hashed([1]))).toEqual({ base: 0, capacity: 1024, modulus: 1024, filled: 1024, rewrites: 1 });
    expect(allocated(before, hashed([7, 0, 1000]))).toBe(before);
  });

  it("stay where they are when backends drain or fail", () => {
    const farm = hashed(Array(17).fill(1));
    const before = allocated(emptyAllocation(), farm);
    expect(slots4(before, farm)?.modulus).toBe(2048);
    const down = new Map(farm.backends.slice(1).map(({ id }) => [id, "down" as const]));
    expect(allocated(before, farm, down)).toBe(before);
  });

  it("of a prime lie in a block of the next power of two", () => {
    const farm = hashed(Array(1000).fill(1), "maglev");
    expect(slots4(allocated(emptyAllocation(), farm), farm)).toMatchObject({ modulus: 65_521, capacity: 65_536 });
  });

  it("move to a block of their own when the scheduler changes, and the old one cools down", () => {
    const before = allocated(emptyAllocation(), weighted(1, [1, 1]));
    const after = allocated(before, hashed([1, 1]));
    expect(slots4(after, hashed([1]))).toMatchObject({ modulus: 1024, base: 1024 });
    expect(retiringBlocks(after)).toEqual([{ farmId: hashed([1]).id, base: 0 }]);
    const back = allocated(after, weighted(1, [1, 1]));
    expect(slots4(back, hashed([1]))).toMatchObject({ modulus: 2, capacity: 2 });
    expect(retiringBlocks(back)).toHaveLength(2);
  });
});

describe("10,000 random steps", () => {
  it("never give an id twice, never overlap blocks, and waste at most the promised space", () => {
    const random = lcg(20_240_501);
    let allocation = emptyAllocation();
    const farms = new Map<number, Farm>();
    const idOwners = new Map<number, string>();
    const wasteful: number[] = [];
    let peak = 0;
    let highest = 0;
    for (let step = 0; step < 10_000; step++) {
      allocation = randomStep(random, allocation, farms);
      const { live, inUse, blocks } = usage(allocation);
      peak = Math.max(peak, inUse);
      highest = Math.max(highest, ...blocks.map(({ base, capacity }) => base + capacity));
      if (live > 4 * inUse + allocation.farms.size || highest > 4 * peak) wasteful.push(step);
      if (step % 20 !== 0) continue;
      expectDisjoint(blocks);
      expectIdsUnique(allocation, idOwners);
    }
    expect(wasteful).toEqual([]);
    expect(farms.size).toBeGreaterThan(20);
  });
});

function randomStep(random: () => number, before: Allocation, farms: Map<number, Farm>): Allocation {
  const number = 1 + Math.floor(random() * 60);
  const dice = random();
  let allocation = before;
  if (dice < 0.1) {
    const farm = farms.get(number);
    farms.delete(number);
    if (farm !== undefined) allocation = releaseFarm(allocation, farm.id);
  } else {
    const farm = randomFarm(random, number);
    const health = new Map(farm.backends.map(({ id }) => [id, random() < 0.1 ? ("down" as const) : ("up" as const)]));
    farms.set(number, farm);
    allocation = allocated(allocation, farm, health);
  }
  if (random() < 0.3)
    allocation = releaseBlocks(
      allocation,
      retiringBlocks(allocation).map(({ base }) => base),
    );
  if (random() < 0.1) allocation = forgetRetired(allocation, [...allocation.retired].slice(0, 50));
  return allocation;
}

function randomFarm(random: () => number, number: number): Farm {
  const whole = (max: number) => Math.floor(random() * max);
  const weightOf = [() => 1, () => whole(4) * 25, () => whole(1001)][whole(3)] ?? (() => 1);
  const backends = Array.from({ length: 1 + whole(8) }, (_, at) => ({
    address: at % 3 === 2 ? `2001:db8::${at + 1}` : `198.51.100.${at + 1 + 10 * whole(2)}`,
    weight: weightOf(),
  }));
  const has6 = backends.some(({ address }) => address.includes(":"));
  return testFarm(number, backends, { addresses: has6 ? ["192.0.2.1", "2001:db8:1::1"] : ["192.0.2.1"] });
}

function usage(allocation: Allocation) {
  const blocks: { base: number; capacity: number }[] = [...allocation.cooling];
  let live = 0;
  let inUse = 0;
  for (const own of allocation.farms.values()) {
    for (const slots of [own.slots[4], own.slots[6]]) {
      live += slots.capacity;
      inUse += slots.modulus;
      if (slots.capacity > 0) blocks.push(slots);
    }
    blocks.push(...own.retiring);
  }
  return { live, inUse, blocks };
}

function expectDisjoint(blocks: readonly { base: number; capacity: number }[]): void {
  const sorted = [...blocks].sort((a, b) => a.base - b.base);
  for (const [at, block] of sorted.entries()) {
    const next = sorted[at + 1];
    if (next !== undefined) expect(block.base + block.capacity).toBeLessThanOrEqual(next.base);
  }
}

function expectIdsUnique(allocation: Allocation, owners: Map<number, string>): void {
  const seen = new Set<number>(allocation.retired);
  expect(seen.size).toBe(allocation.retired.size);
  for (const [farmId, own] of allocation.farms.entries())
    for (const [key, id] of own.ids) {
      expect(seen.has(id)).toBe(false);
      seen.add(id);
      const owner = `${farmId} ${key}`;
      expect(owners.get(id) ?? owner).toBe(owner);
      owners.set(id, owner);
    }
}

function lcg(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("allocateFarm", () => {
  it("leaves what was there before untouched", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 6 }), (weights) => {
        const before = allocated(allocated(emptyAllocation(), weighted(1, [1, 2])), weighted(2, [3]));
        const text = JSON.stringify([...before.farms.entries(), before.space, [...before.retired]]);
        allocated(before, weighted(1, weights));
        releaseFarm(before, weighted(2, [3]).id);
        expect(JSON.stringify([...before.farms.entries(), before.space, [...before.retired]])).toBe(text);
      }),
    );
  });
});
