import { expect, test } from "vitest";
import { rotationText } from "./rotation.ts";

const farm = { enabled: true };
const backend = { adminState: "active", weight: 50, tier: 0 } as const;
const row = { plannedPct: 0, programmedPct: 0, health: "up" } as const;

test("who takes connections says how many, by slots too where they differ", () => {
  expect(rotationText(farm, backend, { ...row, plannedPct: 33.3, programmedPct: 33.3 })).toBe(
    "Takes 33.3 % of new connections",
  );
  expect(rotationText(farm, backend, { ...row, plannedPct: 33.3, programmedPct: 31 })).toContain("(31.0 % by slots)");
});

test("who takes none says why: the decision first, then what is measured, then weight and tier", () => {
  const out = { why: "ejected", untilMs: null, text: "" } as const;
  const why = (more: object, measured: object = {}) =>
    rotationText(farm, { ...backend, ...more }, { ...row, ...measured }).split(": ")[1];
  expect(why({ adminState: "drain" }, { health: "down" })).toBe("taken out by decision");
  expect(why({}, { out, health: "down" })).toBe("ejected for a while");
  expect(why({}, { health: "down" })).toBe("it is down");
  expect(why({ weight: 0 })).toBe("its weight is 0");
  expect(why({ tier: 1 })).toBe("a lower tier serves");
});

test("a stopped farm and a backend nothing is heard of claim nothing", () => {
  expect(rotationText({ enabled: false }, backend, row)).toContain("stopped");
  expect(rotationText(farm, backend, null)).toBe("Not known yet");
});
