import { describe, expect, it } from "vitest";
import { conditionsByHealth } from "../health/condition.ts";
import { effective } from "./effective.ts";
import { testFarm, testId } from "./farm-fixture.ts";
import type { Health } from "./types.ts";

const first = testId("backend", 1000);
const addresses = ["198.51.100.10", "198.51.100.11", "198.51.100.12"];

function effectiveOf(backends: readonly Readonly<Record<string, unknown>>[], health: Record<string, Health> = {}) {
  const farm = testFarm(
    1,
    backends.map((backend, at) => ({ address: addresses[at] ?? "", ...backend })),
  );
  return effective(farm, conditionsByHealth(new Map(Object.entries(health))));
}

describe("effective", () => {
  it.each<[string, Readonly<Record<string, unknown>>, Health, { weight: number; inMap: boolean }]>([
    ["serving", {}, "up", { weight: 80, inMap: true }],
    ["not checked", {}, "unknown", { weight: 80, inMap: true }],
    ["degraded", {}, "degraded", { weight: 80, inMap: true }],
    ["weight 0", { weight: 0 }, "up", { weight: 0, inMap: true }],
    ["drain", { adminState: "drain" }, "up", { weight: 0, inMap: true }],
    ["maintenance", { adminState: "maintenance" }, "up", { weight: 0, inMap: false }],
    ["down", {}, "down", { weight: 0, inMap: false }],
    ["drain and down", { adminState: "drain" }, "down", { weight: 0, inMap: false }],
  ])("a backend that is %s has the slots and the map entry of the table", (_name, backend, health, expected) => {
    const eff = effectiveOf([{ weight: 80, ...backend }, {}], { [first]: health });
    expect(eff.backends[0]).toMatchObject(expected);
  });

  it("treats a backend without any result as unknown: it serves", () => {
    expect(effectiveOf([{ weight: 7 }]).backends[0]).toMatchObject({ weight: 7, inMap: true });
  });

  it("lets a higher tier serve only when no lower one may", () => {
    const backends = [{ tier: 0 }, { tier: 1 }, { tier: 2 }];
    expect(effectiveOf(backends).backends.map(({ weight }) => weight)).toEqual([100, 0, 0]);
    const failed = effectiveOf(backends, { [first]: "down" });
    expect(failed.backends.map(({ weight }) => weight)).toEqual([0, 100, 0]);
    expect(failed.tier).toBe(1);
    expect(failed.backends[2]).toMatchObject({ weight: 0, inMap: true });
  });

  it("chooses the tier of each family by itself", () => {
    const farm = testFarm(
      1,
      [
        { address: "198.51.100.10", adminState: "drain" },
        { address: "198.51.100.11", tier: 1 },
        { address: "2001:db8::10" },
        { address: "2001:db8::11", tier: 1 },
      ],
      { addresses: ["192.0.2.1", "2001:db8:1::1"] },
    );
    const eff = effective(farm, new Map());
    expect(eff.backends.map(({ weight }) => weight)).toEqual([0, 100, 100, 0]);
    expect(eff.tier).toBe(1);
  });

  it("has no tier when nobody serves", () => {
    expect(effectiveOf([{ weight: 0 }]).tier).toBeNull();
  });

  it("takes a backend that is ejected or in a window out of slots and maps, whatever its checks say", () => {
    const farm = testFarm(1, [{ address: "198.51.100.10" }, { address: "198.51.100.11" }]);
    for (const out of ["ejected", "window"] as const) {
      const eff = effective(farm, new Map([[first, { health: "up" as const, out, factor: 1 }]]));
      expect(eff.backends.map(({ weight, inMap }) => [weight, inMap])).toEqual([
        [0, false],
        [100, true],
      ]);
    }
  });

  it("multiplies weights by factors, and treats 0 like a drain: known clients stay", () => {
    const farm = testFarm(1, [{ address: "198.51.100.10" }, { address: "198.51.100.11" }]);
    const at = (factor: number) =>
      effective(farm, new Map([[first, { health: "up" as const, out: null, factor }]])).backends[0];
    expect(at(0.25)).toMatchObject({ weight: 25, factor: 0.25, inMap: true });
    expect(at(0)).toMatchObject({ weight: 0, inMap: true });
  });

  it("counts a tier as down below its quorum, but never asks for more backends than the tier has", () => {
    const farm = testFarm(
      1,
      [0, 0, 0, 1].map((tier, at) => ({ address: `198.51.100.${10 + at}`, tier })),
      { failover: { quorum: 2 } },
    );
    const weights = (down: number) => {
      const health = farm.backends.slice(0, down).map(({ id }) => [id, "down"] as const);
      return effective(farm, conditionsByHealth(new Map(health))).backends.map(({ weight }) => weight);
    };
    expect(weights(1)).toEqual([0, 100, 100, 0]);
    expect(weights(2)).toEqual([0, 0, 0, 100]);
  });
});
