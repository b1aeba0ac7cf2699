import { afterEach, beforeEach, expect, it } from "vitest";
import { sampleFarm } from "../core/change/sample.testing.ts";
import { rangeSMax } from "../core/metrics/ranges.ts";
import type { NewEvent } from "../db/repositories.ts";
import { readRangeEvents } from "./read-range-events.ts";
import { makeWorld, viewer, type World } from "./world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.end());

const shop = sampleFarm(1, [{}]);
const other = sampleFarm(2, [{}]);
const nowMs = 40 * 86_400_000;

it("marks of a range are those of the farm and of the balancer, oldest first; nothing older, of others, or about people", async () => {
  world.clock.ms = nowMs;
  await world.database.events.append([
    event("old", nowMs - 2 * 86_400_000, shop.id),
    event("drift", nowMs - 3600_000, null),
    event("of another", nowMs - 1800_000, other.id),
    event("health", nowMs - 900_000, shop.id),
    { ...event("Vera signed in", nowMs - 600_000, null), kind: "sign-in" },
  ]);
  const events = await readRangeEvents(viewer, shop.id, 86_400, world.deps);
  expect(events.ok && events.value.map(({ text }) => text)).toEqual(["drift", "health"]);
  expect(await readRangeEvents(viewer, shop.id, rangeSMax + 1, world.deps)).toMatchObject({
    error: { code: "invalid" },
  });
});

it("measured weights are marked over minutes, and do not crowd out days", async () => {
  world.clock.ms = nowMs;
  const moved = Array.from({ length: 150 }, (_, at) => event(`moved ${at}`, nowMs - 60_000 + at, shop.id, "weight"));
  await world.database.events.append([event("broke", nowMs - 120_000, shop.id, "down"), ...moved]);
  const read = async (rangeS: number) => {
    const events = await readRangeEvents(viewer, shop.id, rangeS, world.deps);
    return events.ok ? events.value.map(({ text }) => text) : [];
  };
  expect(await read(86_400)).toEqual(["broke"]);
  expect((await read(300)).at(-1)).toBe("moved 149");
});

function event(text: string, at: number, farmId: string | null, kind: NewEvent["kind"] = "health"): NewEvent {
  return { bootId: null, seq: null, at, kind, farmId, backendId: null, text, by: null };
}
