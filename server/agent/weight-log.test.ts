import { expect, test } from "vitest";
import { effective } from "../core/farm/effective.ts";
import { testFarm } from "../core/farm/farm-fixture.ts";
import { plannedShares } from "../core/farm/shares.ts";
import type { Farm } from "../core/farm/types.ts";
import { type Condition, type FarmConditions, noConditions, unmeasured } from "../core/health/condition.ts";
import { createWeightLog } from "./weight-log.ts";

function world(more: Record<string, unknown> = {}) {
  const farm = testFarm(1, [{ address: "10.1.1.1" }, { address: "10.1.1.2" }], more);
  const events: string[] = [];
  let nowMs = 1000;
  let conditions: FarmConditions = noConditions;
  let wish: string | null = null;
  const log = createWeightLog({ add: ({ text }) => void events.push(text) }, () => nowMs);
  const sharesOf = (one: Farm) => plannedShares(one, effective(one, conditions));
  const idOf = (at: number) => farm.backends[at]?.id ?? "";
  return {
    farm,
    log,
    events,
    asks(words: string | null) {
      wish = words;
    },
    /** a second passes, in which this is found of the first backend */
    second(first: Partial<Condition>, hasMoved = false, text = "p95 48 ms against 12 ms") {
      nowMs += 1000;
      conditions = new Map([[idOf(0), { ...unmeasured, ...first }]]);
      const wishOf = (_farmId: string, backendId: string) => (backendId === idOf(0) ? wish : null);
      log.round([farm], { sharesOf, conditionsOf: () => conditions, wishOf, hasMoved: () => hasMoved });
      if (hasMoved) log.moved(farm, sharesOf(farm), () => ({ factor: 0.5, text, isHeld: false }));
    },
    told: (at: number) => log.points(farm.id, idOf(at)).map(({ plannedPct, text }) => `${plannedPct} ${text}`),
  };
}

test("what checks do to a share is a point with its reason, of the backend and of the others", () => {
  const { second, told, log, farm } = world();
  second({ health: "up" });
  second({ health: "down" });
  second({ health: "down" });
  second({ health: "up", factor: 0.1 });
  second({ health: "up", factor: 0.6 });
  second({ health: "up", out: "ejected" });
  expect(told(0)).toEqual([
    "50 weight 100",
    "0 down",
    "9.1 back, with slow start",
    "37.5 slow start",
    "0 ejected: its clients fail to connect",
  ]);
  expect(log.points(farm.id, farm.backends[0]?.id ?? "").map(({ weight }) => weight)).toEqual([100, 0, 10, 60, 0]);
  expect(told(1)).toEqual([
    "50 weight 100",
    "100 b-1: down",
    "90.9 b-1: back, with slow start",
    "62.5 b-1: slow start",
    "100 b-1: ejected: its clients fail to connect",
  ]);
});

test("what a backend's own agent asks for is no slow start and nothing planned", () => {
  const { second, asks, told } = world();
  second({ health: "up" });
  asks("asks for 40 % of its weight");
  second({ health: "up", factor: 0.4 });
  asks("asks for maintenance");
  second({ health: "up", out: "window" });
  expect(told(0)).toEqual(["50 weight 100", "28.6 asks for 40 % of its weight", "0 asks for maintenance"]);
});

test("a measured weight that moves keeps its own words, unless its backend goes down in that second", () => {
  const { second, told } = world({ scheduler: "least-response" });
  second({ health: "up" });
  second({ health: "up", factor: 0.5 }, true);
  second({ health: "down", factor: 0.5 }, true);
  expect(told(0)).toEqual(["50 weight 100", "33.3 p95 48 ms against 12 ms", "0 down"]);
});

test("a backend that goes down while weights move is not told as a measured weight", () => {
  const { second, events } = world({ scheduler: "least-response" });
  second({ health: "up" });
  for (let n = 0; n < 20; n++) second({ health: "down", factor: 0.5 }, true, "");
  expect(events).toEqual([]);
});
