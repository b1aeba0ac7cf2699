import { expect, test } from "vitest";
import { cutBlocked, drainLabel, maintenanceLabel } from "./admin-words.ts";

test("sticky clients are named only where a farm has some", () => {
  expect([drainLabel(false), maintenanceLabel(false)]).toEqual(["Drain", "Maintenance"]);
  expect(drainLabel(true)).toContain("sticky clients stay");
  expect(maintenanceLabel(true)).toContain("sticky clients move");
});

test("a cut says why it is not possible: in service, or nothing to cut", () => {
  expect(cutBlocked("active", 5)).toMatch(/^Drain it/);
  expect(cutBlocked("drain", 0)).toBe("It has no open connections");
  expect(cutBlocked("drain", 3)).toBeNull();
  expect(cutBlocked("maintenance", null)).toBeNull();
});
