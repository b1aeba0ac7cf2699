import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conditionsByHealth } from "../health/condition.ts";
import { effective } from "./effective.ts";
import { familyCounts, familyMembers, familyModulus, familyOwners } from "./family-plan.ts";
import { testFarm } from "./farm-fixture.ts";
import { hashModulus } from "./hash-slots.ts";
import type { Scheduler } from "./types.ts";

const schedulers: readonly Scheduler[] = [
  "round-robin",
  "weighted",
  "random",
  "source-hash",
  "symmetric-hash",
  "maglev",
  "least-connections",
  "least-response",
  "least-load",
];

const membersOf = (weights: readonly number[]) => weights.map((weight, at) => ({ name: `b-${at + 1}`, weight }));

describe("the slots of a family", () => {
  it("are as many in the order as in the counts, for every scheduler", () => {
    const weights = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(...schedulers), weights, fc.nat(50), (scheduler, all, rewrites) => {
        const members = membersOf(all);
        const modulus = familyModulus({ scheduler }, members);
        const counts = familyCounts({ scheduler }, members);
        const owners = familyOwners({ scheduler }, members, modulus, rewrites);
        expect(owners).toHaveLength(modulus);
        expect(members.map((_, at) => Array.from(owners).filter((owner) => owner === at).length)).toEqual(counts);
        for (const [at, { weight }] of members.entries()) expect((counts[at] ?? 0) > 0).toBe(weight > 0);
      }),
    );
  });

  it("of a hash keep their number when a backend drains, fails or has weight 0", () => {
    const backends = Array.from({ length: 17 }, (_, at) => ({ address: `198.51.100.${at + 1}` }));
    for (const scheduler of ["source-hash", "maglev"]) {
      const farm = testFarm(1, backends, { scheduler });
      const down = new Map(farm.backends.slice(0, 9).map(({ id }) => [id, "down" as const]));
      const modulus = (health: typeof down) =>
        familyModulus(farm, familyMembers(farm, effective(farm, conditionsByHealth(health)), 4));
      expect(modulus(down)).toBe(modulus(new Map()));
      expect(modulus(new Map(farm.backends.map(({ id }) => [id, "down" as const])))).toBe(0);
    }
  });

  it("of a hash are not turned by rewrites: a client keeps its backend", () => {
    const members = membersOf([100, 50, 10]);
    for (const scheduler of ["source-hash", "symmetric-hash", "maglev"] as const) {
      const modulus = familyModulus({ scheduler }, members);
      expect(familyOwners({ scheduler }, members, modulus, 7)).toEqual(
        familyOwners({ scheduler }, members, modulus, 1),
      );
    }
  });

  it("of measured schedulers start from the weights, in a number that no weight will move", () => {
    for (const scheduler of ["least-connections", "least-response", "least-load"] as const)
      expect(familyCounts({ scheduler }, membersOf([100, 50, 0]))).toEqual([80, 40, 0]);
  });
});

describe("how many slots a hash has", () => {
  it.each([
    [1, 1024],
    [16, 1024],
    [17, 2048],
    [100, 8192],
    [1000, 65_536],
  ])("for %d backends: %d by rendezvous", (backends, slots) => {
    expect(hashModulus("source-hash", backends)).toBe(slots);
    expect(hashModulus("symmetric-hash", backends)).toBe(slots);
  });

  it.each([
    [0, 251],
    [1, 509],
    [3, 1021],
    [10, 4093],
    [15, 4093],
    [100, 32_749],
    [1000, 65_521],
  ])("for %d backends: the prime %d by Maglev", (backends, slots) => {
    expect(hashModulus("maglev", backends)).toBe(slots);
    for (let factor = 2; factor * factor <= slots; factor++) expect(slots % factor).not.toBe(0);
  });
});
