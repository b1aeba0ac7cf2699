import { expect, test } from "vitest";
import { testFarm } from "../core/farm/farm-fixture.ts";
import type { Farm } from "../core/farm/types.ts";
import { createConditions } from "./conditions.ts";
import { nothingSeen } from "./effective-memo.ts";
import { hasSameTargets, trackFarms } from "./farm-track.ts";
import { planChange } from "./plan.ts";
import { emptyState } from "./replay.ts";

const actor = { id: "a", name: "A" };

/** Tracks before and after one backend's weight was halved by a source, or it went down. */
function tracksOf(scheduler: Farm["scheduler"], part: { factor: number } | { health: "down" }) {
  const farm = testFarm(1, [{ address: "10.1.0.1" }, { address: "10.1.0.2" }], { scheduler });
  const operations = [{ type: "put-farm", base: null, farm } as const];
  const plan = planChange(emptyState(0x51), operations, { epoch: 1, n: 1, actor, at: 1 }, nothingSeen);
  if (!plan.ok) throw new Error("no plan");
  const conditions = createConditions();
  const first = trackFarms(new Map(), plan.value.state, conditions, 1000);
  conditions.set("dynamic", farm.id, farm.backends[0]?.id ?? "", part);
  const second = trackFarms(first, plan.value.state, conditions, 2000);
  return [first.get(farm.id), second.get(farm.id)] as const;
}

test("a measured weight that moves leaves the window of observed shares and the probes alone", () => {
  const [before, after] = tracksOf("least-load", { factor: 0.5 });
  expect(after).not.toBe(before);
  expect(after?.window).toBe(before?.window);
  expect(hasSameTargets(before, after)).toBe(true);
});

test("the window begins anew when another backend serves, and for weights that are promised", () => {
  for (const [before, after] of [tracksOf("least-load", { health: "down" }), tracksOf("weighted", { factor: 0.5 })]) {
    expect(after?.window.startedAt).toBe(2000);
    expect(before?.window.startedAt).toBe(1000);
  }
});
