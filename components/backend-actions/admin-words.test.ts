import { expect, test } from "vitest";
import { cutBlocked, drainLabel, maintenanceLabel } from "./admin-words.ts";

test("sticky clients are named only where a farm has some", () => {
  expect([drainLabel(false), maintenanceLabel(false)]).toEqual(["Drain", "Maintenance"]);
  expect(drainLabel(true)).toContain("sticky clients stay");
  expect(maintenanceLabel(true)).toContain("sticky clients move");
});

test("a cut says why it is not possible: in service, or nothing to cut", () => {
  expect(cutBlocked("active", { active: 5 })).toMatch(/^Drain it/);
  expect(cutBlocked("drain", { active: 0 })).toBe("It has no open connections");
  expect(cutBlocked("drain", { active: 3 })).toBeNull();
  expect(cutBlocked("maintenance", { active: null })).toBeNull();
  expect(cutBlocked("maintenance", null)).toBeNull();
  const untracked = "not tracked in this mode";
  expect(cutBlocked("drain", { active: null, untracked })).toBe("Connections are not tracked in this mode");
});
