import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Farm } from "../farm/types.ts";
import { replayOnFarm } from "./apply-operation.ts";
import { sampleFarm, uuid } from "./sample.testing.ts";
import { undoOperations } from "./undo.ts";

const farms: fc.Arbitrary<Farm | null> = fc.option(
  fc
    .record({
      weights: fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 4 }),
      adminState: fc.constantFrom("active", "drain", "maintenance") as fc.Arbitrary<"active" | "drain" | "maintenance">,
      enabled: fc.boolean(),
      ports: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
    })
    .map(({ weights, adminState, enabled, ports }) =>
      sampleFarm(
        1,
        weights.map((weight) => ({ weight, adminState })),
        { enabled, ports },
      ),
    ),
  { nil: null },
);

describe("undo", () => {
  test("brings the farm back to exactly what it was, whatever the change was", () => {
    fc.assert(
      fc.property(farms, farms, (before, after) => {
        expect(replayOnFarm(after, uuid(1), undoOperations(before, after, 4))).toEqual({ ok: true, value: before });
      }),
    );
  });

  test("of a weight is a weight, of a drain a state: urgent like the change was", () => {
    const before = sampleFarm(1, [{ weight: 100 }, { weight: 50 }]);
    const heavier = sampleFarm(1, [{ weight: 100 }, { weight: 80 }]);
    const drained = sampleFarm(1, [{ weight: 100, adminState: "drain" }, { weight: 50 }]);
    expect(undoOperations(before, heavier, 3)).toEqual([
      { type: "set-weights", base: 3, farmId: uuid(1), weights: { [before.backends[1]?.id ?? ""]: 50 } },
    ]);
    expect(undoOperations(before, drained, 3).map(({ type }) => type)).toEqual(["set-admin-state"]);
  });

  test("of nothing is nothing, of a creation a removal, of a removal a creation", () => {
    const farm = sampleFarm(1, [{}]);
    expect(undoOperations(farm, sampleFarm(1, [{}]), 3)).toEqual([]);
    expect(undoOperations(null, farm, 3)).toEqual([{ type: "remove-farm", base: 3, farmId: uuid(1) }]);
    expect(undoOperations(farm, null, null)).toEqual([{ type: "put-farm", base: null, farm }]);
  });
});
