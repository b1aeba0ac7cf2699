import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effective } from "./effective.ts";
import { testFarm } from "./farm-fixture.ts";
import { plannedShares, programmedShares } from "./shares.ts";

const farms = fc
  .record({
    scheduler: fc.constantFrom("weighted", "random", "round-robin", "source-hash", "maglev"),
    v4: fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 20 }),
    v6: fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 20 }),
  })
  .map(({ scheduler, v4, v6 }) =>
    testFarm(
      1,
      [
        ...v4.map((weight, at) => ({ address: `198.51.100.${at + 1}`, weight })),
        ...v6.map((weight, at) => ({ address: `2001:db8::${at + 1}`, weight })),
      ],
      { scheduler, addresses: v6.length > 0 ? ["192.0.2.1", "2001:db8:1::1"] : ["192.0.2.1"] },
    ),
  );

describe("shares", () => {
  it("sum to 100 within each family that serves and are 0 in one that does not", () => {
    fc.assert(
      fc.property(farms, fc.nat(1000), (farm, modulus) => {
        const eff = effective(farm, new Map());
        const programmed = programmedShares(farm, eff, { 4: modulus, 6: 0 });
        const planned = plannedShares(farm, eff);
        for (const shares of [planned, programmed])
          for (const family of [4, 6]) {
            const own = eff.backends.filter((backend) => backend.family === family);
            const total = own.reduce((sum, { backendId }) => sum + (shares.get(backendId) ?? Number.NaN), 0);
            expect(total).toBeCloseTo(own.some(({ weight }) => weight > 0) ? 100 : 0, 6);
            for (const { backendId, weight } of own) expect((shares.get(backendId) ?? 0) > 0).toBe(weight > 0);
          }
      }),
    );
  });

  it("go by weight when weighted and by head when round-robin", () => {
    const backends = [
      { address: "198.51.100.1", weight: 100 },
      { address: "198.51.100.2", weight: 50 },
      { address: "198.51.100.3", weight: 50, adminState: "drain" },
    ];
    const pct = (scheduler: string) => {
      const farm = testFarm(1, backends, { scheduler });
      return [...plannedShares(farm, effective(farm, new Map())).values()].map((share) => Math.round(share * 10) / 10);
    };
    expect(pct("weighted")).toEqual([66.7, 33.3, 0]);
    expect(pct("round-robin")).toEqual([50, 50, 0]);
  });

  it("leave the other family out when one is asked for", () => {
    const farm = testFarm(1, [{ address: "198.51.100.1" }, { address: "2001:db8::1" }]);
    expect(plannedShares(farm, effective(farm, new Map()), 6).size).toBe(1);
  });

  it("programmed stay within 0.1 points of planned where the exact sum is above 1,000", () => {
    const farm = testFarm(1, [
      { address: "198.51.100.1", weight: 997 },
      { address: "198.51.100.2", weight: 991 },
    ]);
    const eff = effective(farm, new Map());
    const planned = plannedShares(farm, eff);
    for (const [id, share] of programmedShares(farm, eff, { 4: 0, 6: 0 }))
      expect(Math.abs(share - (planned.get(id) ?? 0))).toBeLessThan(0.1);
  });
});
