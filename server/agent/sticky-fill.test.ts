import { describe, expect, it } from "vitest";
import { desiredFrom } from "../core/change/apply-operations.ts";
import { testFarm } from "../core/farm/farm-fixture.ts";
import type { Farm } from "../core/farm/types.ts";
import { built } from "../core/ruleset/ruleset-fixture.ts";
import type { State } from "./plan.ts";
import { createStickyFill } from "./sticky-fill.ts";

function stateOf(farms: readonly Farm[]): State {
  const { allocation, ruleset } = built(farms);
  const actor = { id: "t", name: "t" };
  const desired = desiredFrom(
    { epoch: 1, n: 1 },
    farms.map((farm) => ({ farm, version: 1, actor, at: 0 })),
  );
  if (!desired.ok) throw new Error(desired.error.text);
  return { desired: desired.value, allocation, ruleset };
}

/** What is told when a farm's map of 100 entries has so many, one round after the other; null = could not be told. */
async function toldAt(counts: readonly (number | null)[]) {
  const farm = testFarm(1, undefined, { persistence: { size: 100 } });
  const told: { kind: string; text: string; farmId?: string | null }[] = [];
  let used: number | null = 0;
  const fill = createStickyFill({
    state: () => stateOf([farm]),
    count: async () => used,
    events: { add: (event) => void told.push(event) },
  });
  for (const count of counts) {
    used = count;
    await fill.round();
  }
  return { told, fill, farm };
}

describe("how full the maps of remembered clients are", () => {
  it("is told once at 90 %, and again only after it was below 80 %", async () => {
    const { told, farm } = await toldAt([89, 90, 100, 85, 95, 79, 90]);
    expect(told).toHaveLength(2);
    expect(told[0]).toMatchObject({ kind: "limit", farmId: farm.id });
    expect(told[0]?.text).toContain("of farm farm-1 is 90 % full (90 of 100)");
  });

  it("is not told anew because a round could not count", async () => {
    expect((await toldAt([95, null, 95])).told).toHaveLength(1);
  });

  it("is shown of the farm, and not shown where it is not known", async () => {
    const { fill, farm } = await toldAt([42]);
    expect([fill.ofFarm(farm.id), fill.shared()]).toEqual([{ used: 42, max: 100 }, null]);
    const unknown = await toldAt([null]);
    expect(unknown.fill.ofFarm(unknown.farm.id)).toBe(null);
  });

  it("is counted once for all farms that share a map, and in own maps for IPv6 and prefixes", async () => {
    const asked: string[] = [];
    const v6 = [{ address: "2001:db8::10" }];
    const farms = [
      testFarm(1, undefined, { persistence: {} }),
      testFarm(2, undefined, { persistence: {} }),
      testFarm(3, v6, { addresses: ["2001:db8:1::3"], persistence: { prefixV6: 128 } }),
      testFarm(4, undefined, { persistence: { prefixV4: 24 } }),
      testFarm(5),
    ];
    const fill = createStickyFill({
      state: () => stateOf(farms),
      count: async (map) => asked.push(map),
      events: { add: () => undefined },
    });
    await fill.round();
    expect(asked.map((map) => map.replace(/_[0-9a-f]{4}$/, ""))).toEqual(["sticky4", "d_sticky_3_6", "d_sticky_4_4"]);
    expect(fill.shared()).toEqual({ used: 1, max: 1_048_576 });
  });
});
