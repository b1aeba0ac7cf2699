import { expect, test } from "vitest";
import type { LiveEvent } from "../core/metrics/live.ts";
import { createEvents } from "./events.ts";

test("the same text within five seconds is told once, and again at once after the clock was set back", () => {
  let now = 1_000_000_000;
  const told: LiveEvent[] = [];
  const events = createEvents(
    () => now,
    (event) => told.push(event),
  );
  const drift = { kind: "drift", text: "somebody changed our rules" } as const;
  events.add(drift);
  now += 4000;
  events.add(drift);
  expect(told).toHaveLength(1);
  now -= 3600_000;
  events.add(drift);
  now += 6000;
  events.add(drift);
  expect(told).toHaveLength(3);
});
