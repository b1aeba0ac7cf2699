import { expect, test } from "vitest";
import { createProberSilence } from "./prober-silence.ts";

function world() {
  let nowMs = 0;
  let soonest: number | null = 1000;
  const told: string[] = [];
  const silence = createProberSilence({
    events: { add: ({ kind, text }) => void told.push(`${kind}: ${text.split(" ").slice(0, 4).join(" ")}`) },
    soonestMs: () => soonest,
    monotonicMs: () => nowMs,
  });
  return {
    silence,
    told,
    target: (ms: number | null) => {
      soonest = ms;
    },
    seconds(count: number, eachMs = 1000) {
      for (let at = 0; at < count; at++) {
        nowMs += eachMs;
        silence.tick();
      }
    },
  };
}

test("a prober that is connected and silent is told once, and once when it is heard again", () => {
  const { silence, told, seconds } = world();
  seconds(5);
  expect(told).toEqual([]);
  seconds(20);
  expect([told, silence.isSilent()]).toEqual([["lost: The prober says nothing"], true]);
  silence.heard();
  silence.heard();
  expect(silence.isSilent()).toBe(false);
  expect(told.slice(1)).toEqual(["back: The prober is heard"]);
});

test("one that asks nobody, asks rarely, or is not there is not silent; nor is it our own standing still", () => {
  const { told, seconds, target, silence } = world();
  target(null);
  seconds(100);
  target(3_600_000);
  seconds(1000);
  target(1000);
  silence.heard();
  // each second of ours took a minute
  seconds(3, 60_000);
  expect(told).toEqual([]);
});
