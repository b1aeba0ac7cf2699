import { expect, test } from "vitest";
import { eventKindOf } from "./event-kind.ts";
import { backendId, sampleFarm, uuid } from "./sample.testing.ts";

const farmId = uuid(1);
const state = (adminState: "active" | "drain" | "maintenance") =>
  ({ type: "set-admin-state", base: 1, farmId, states: { [backendId(1, 0)]: adminState } }) as const;

test("a revision is a drain or a stop by what it does, never by a farm's name", () => {
  const named = sampleFarm(1, [{ name: "drain" }], { name: "maintenance" });
  expect(eventKindOf([{ type: "put-farm", base: null, farm: named }])).toBe("change");
  expect(eventKindOf([])).toBe("change");
  expect([state("active"), state("drain"), state("maintenance")].map((each) => eventKindOf([each]))).toEqual([
    "change",
    "drain",
    "stop",
  ]);
  const enabled = [true, false].map((on) => eventKindOf([{ type: "set-enabled", base: 1, farmId, enabled: on }]));
  expect(enabled).toEqual(["change", "stop"]);
});
