import { expect, test } from "vitest";
import { sampleFarm } from "@/server/core/change/sample.testing.ts";
import type { Farm } from "@/server/core/farm/types.ts";
import { monitorFarm } from "./monitor-brief.ts";
import { planConfirm, planStates, planTitle, tickedFarms } from "./ticked-states.ts";

const shop = sampleFarm(1, [{}, { adminState: "drain" }, {}]);
const mail = sampleFarm(2, [{}, {}]);
const gone = sampleFarm(3, [{}]);
const idsOf = (farm: Farm, ...places: number[]) => places.map((at) => farm.backends[at]?.id ?? "");
const views = new Map([shop, mail].map((farm, at) => [farm.id, { farm, version: 5 + at }]));
const all = [shop, mail, gone].map((farm) => monitorFarm({ farm, version: 1 }));

test("ticked backends become one change a farm, on the version that was read; who needs none is named with the reason", () => {
  const ticked = tickedFarms(all, new Set([...idsOf(shop, 0, 1), ...idsOf(mail, 0), ...idsOf(gone, 0)]));
  const plan = planStates("drain", ticked, views, () => true);
  expect(plan.steps.map(({ operation }) => operation)).toEqual([
    { type: "set-admin-state", farmId: shop.id, base: 5, states: { [idsOf(shop, 0)[0] ?? ""]: "drain" } },
    { type: "set-admin-state", farmId: mail.id, base: 6, states: { [idsOf(mail, 0)[0] ?? ""]: "drain" } },
  ]);
  expect(plan.leftOut).toEqual([`${shop.backends[1]?.name} of ${shop.name} drains already`, `${gone.name} is gone`]);
  expect([planTitle(plan), planConfirm(plan)]).toEqual(["Drain 2 backends of 2 farms", null]);
});

test("taking out whoever serves is asked for by name; bringing back never is", () => {
  const ticked = tickedFarms(all, new Set([...idsOf(shop, 0), ...idsOf(mail, 0, 1)]));
  const serving = new Set([...idsOf(shop, 0, 2), ...idsOf(mail, 0, 1)]);
  const one = planStates("maintenance", ticked, views, (id) => serving.has(id));
  expect(planConfirm(one)?.name).toBe(mail.name);
  expect(planConfirm(one)?.reason).toContain(mail.addresses[0]);
  serving.delete(idsOf(shop, 2)[0] ?? "");
  expect(planConfirm(planStates("drain", ticked, views, (id) => serving.has(id)))?.name).toBe("2 farms");
  expect(planConfirm(planStates("active", ticked, views, () => true))).toBeNull();
});
