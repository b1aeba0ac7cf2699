import { expect, test } from "vitest";
import { testFarm } from "../core/farm/farm-fixture.ts";
import type { Farm } from "../core/farm/types.ts";
import { noConditions } from "../core/health/condition.ts";
import { createWeightLog } from "./weight-log.ts";

function world(farms: readonly Farm[]) {
  let nowMs = 0;
  const events: string[] = [];
  const log = createWeightLog({ add: ({ text }) => void events.push(text) }, () => nowMs);
  const even = (farm: Farm) => new Map(farm.backends.map(({ id }) => [id, 100 / farm.backends.length]));
  const round = (seconds = 1) => {
    for (let at = 0; at < seconds; at++) {
      nowMs += 1000;
      log.round(farms, { sharesOf: even, conditionsOf: () => noConditions, wishOf: () => null, hasMoved: () => true });
    }
  };
  round();
  return {
    log,
    events,
    round,
    /** the first backend has this share now */
    move(farm: Farm, pct: number) {
      const rest = (100 - pct) / (farm.backends.length - 1);
      const shares = new Map(farm.backends.map(({ id }, at) => [id, at === 0 ? pct : rest]));
      log.moved(farm, shares, () => ({ factor: pct / 50, text: "p95 48 ms against 12 ms", isHeld: false }));
    },
    points: (farm: Farm) => log.points(farm.id, farm.backends[0]?.id ?? ""),
  };
}

const farmOf = (number: number) => testFarm(number);

test("a move is told when it has come some way, and once in ten seconds", () => {
  const farm = farmOf(1);
  const { events, move, round } = world([farm]);
  move(farm, 45);
  round(2);
  move(farm, 30);
  expect(events).toEqual([]);
  round(2);
  expect(events).toEqual(["b-1 50 % to 30 %: p95 48 ms against 12 ms"]);
  move(farm, 20);
  round(5);
  expect(events).toHaveLength(1);
  round(6);
  expect(events.at(-1)).toBe("b-1 30 % to 20 %: p95 48 ms against 12 ms");
});

test("what comes back before it was told, and what is small, is not told", () => {
  const farm = farmOf(1);
  const { events, move, round, points } = world([farm]);
  move(farm, 40);
  move(farm, 51);
  round(30);
  expect(events).toEqual([]);
  expect(points(farm).map(({ plannedPct }) => plannedPct)).toEqual([50, 40, 51]);
});

test("thousands of farms that move at once do not push other events out of the log", () => {
  const farms = Array.from({ length: 300 }, (_, at) => farmOf(at + 1));
  const { events, move, round } = world(farms);
  for (let minute = 0; minute < 3; minute++) {
    for (const farm of farms) move(farm, 20 + minute * 10);
    round(60);
  }
  expect(events.length).toBeGreaterThan(30);
  expect(events.length).toBeLessThanOrEqual(4 * 30);
});

test("points are bounded, tell what people set, and go with their backend", () => {
  const farm = farmOf(1);
  const heavier = { ...farm, backends: farm.backends.map((each, at) => ({ ...each, weight: at === 0 ? 70 : 100 })) };
  const farms = [farm];
  const { move, round, points } = world(farms);
  for (let at = 0; at < 500; at++) move(farm, at % 2 === 0 ? 20 : 60);
  expect(points(farm)).toHaveLength(200);
  farms[0] = heavier;
  round();
  expect(points(farm).at(-1)).toMatchObject({ weight: 70, text: "weight 100 to 70, as set" });
  farms[0] = { ...heavier, backends: heavier.backends.slice(1) };
  round();
  expect(points(farm)).toEqual([]);
});
