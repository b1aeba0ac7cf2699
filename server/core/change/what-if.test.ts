import { describe, expect, test } from "vitest";
import { effective } from "../farm/effective.ts";
import { conditionsByHealth } from "../health/condition.ts";
import { backendId, sampleFarm } from "./sample.testing.ts";
import { emptiedFamilies, largestMovePts, servingBackends, sharesWithout } from "./what-if.ts";

const id = (index: number) => backendId(1, index);

describe("what if", () => {
  test("a failing backend's share goes to the survivors in proportion", () => {
    const farm = sampleFarm(1, [{ weight: 50 }, { weight: 30 }, { weight: 20 }]);
    const shares = sharesWithout(farm, new Map(), id(0));
    expect([shares.get(id(0)), shares.get(id(1)), shares.get(id(2))]).toEqual([0, 60, 40]);
  });

  test("weight 0 still belongs to the rows that serve; drained, down and waiting tiers do not", () => {
    const farm = sampleFarm(1, [{ weight: 0 }, { weight: 5 }, { adminState: "drain" }, { weight: 5 }, { tier: 1 }]);
    const health = conditionsByHealth(new Map([[id(3), "down"]]));
    expect(servingBackends(farm, health)).toEqual([id(0), id(1)]);
  });

  test("the last serving backend drained or zeroed empties its family", () => {
    const farm = sampleFarm(1, [{ weight: 10 }, { weight: 0 }]);
    const zeroed = sampleFarm(1, [{ weight: 0 }, { weight: 0 }]);
    expect(emptiedFamilies(effective(farm, new Map()), effective(zeroed, new Map()))).toEqual([4]);
    expect(emptiedFamilies(effective(zeroed, new Map()), effective(zeroed, new Map()))).toEqual([]);
  });

  test("the largest move is in points", () => {
    expect(
      largestMovePts(
        new Map([
          ["a", 50],
          ["b", 50],
        ]),
        new Map([
          ["a", 90],
          ["b", 10],
        ]),
      ),
    ).toBe(40);
  });
});
