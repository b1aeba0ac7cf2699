import { describe, expect, it } from "vitest";
import { effective } from "../farm/effective.ts";
import { testFarm } from "../farm/farm-fixture.ts";
import { type Allocation, allocateFarm, emptyAllocation, releaseFarm, retiringBlocks } from "./allocation.ts";
import { parseAllocation, serializeAllocation } from "./serialize.ts";

function sample(): Allocation {
  let allocation = emptyAllocation(0x42);
  for (const [number, count] of [
    [1, 2],
    [2, 1],
    [3, 2],
    [1, 3],
  ] as const) {
    const backends = Array.from({ length: count }, (_, at) => ({ address: `198.51.100.${at + 1}` }));
    const farm = testFarm(number, backends);
    const result = allocateFarm(allocation, farm, effective(farm, new Map()));
    if (result.ok) allocation = result.value;
  }
  return releaseFarm(allocation, testFarm(3).id);
}

describe("the saved allocation", () => {
  it("reads back as it was, free blocks included", () => {
    const before = sample();
    const text = serializeAllocation(before);
    const after = parseAllocation(text);
    if (!after.ok) throw new Error(after.error.detail);
    expect(JSON.parse(serializeAllocation(after.value))).toEqual(JSON.parse(text));
    expect(after.value.tag).toBe(0x42);
    expect(after.value.space).toEqual(before.space);
    expect(after.value.retired).toEqual(before.retired);
    expect(retiringBlocks(after.value)).toEqual(retiringBlocks(before));
    expect(new Map(after.value.farms.entries())).toEqual(new Map(before.farms.entries()));
  });

  it.each<[string, (saved: Record<string, unknown>) => unknown]>([
    ["is no JSON", () => "{"],
    ["is of another version", (saved) => ({ ...saved, version: 2 })],
    ["has an unknown field", (saved) => ({ ...saved, more: 1 })],
    ["has a tag that cannot be", (saved) => ({ ...saved, tag: 0x7e })],
    ["has overlapping blocks", (saved) => ({ ...saved, cooling: [{ base: 0, capacity: 1024 }] })],
    ["has a block that is not aligned", (saved) => ({ ...saved, cooling: [{ base: 513, capacity: 2 }] })],
    ["gives an id twice", (saved) => ({ ...saved, retired: [1] })],
    ["has ids above the next one", (saved) => ({ ...saved, nextId: 2 })],
  ])("is refused when it %s", (_what, broken) => {
    const saved = broken(JSON.parse(serializeAllocation(sample())));
    const text = typeof saved === "string" ? saved : JSON.stringify(saved);
    expect(parseAllocation(text)).toMatchObject({ ok: false, error: { code: "storage" } });
  });
});
