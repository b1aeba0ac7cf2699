import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Operation } from "../core/change/operation.ts";
import { farmSchema } from "../core/farm/schema.ts";
import { aimAt, movesTraffic, vipsOf } from "./aim.ts";
import { makeFarm } from "./farm-calls.ts";

const lab = (JSON.parse(readFileSync(new URL("farms.json", import.meta.url), "utf8")) as { farms: unknown[] }).farms;
const labFarms = lab.map((farm) => farmSchema.parse(farm));
const backends = [{ address: "192.168.100.10", port: 80 }];
const rateOf = (targets: readonly { ratePerS: number }[]) => targets.reduce((sum, target) => sum + target.ratePerS, 0);

test("the lab's own farms all get traffic, 50 to 200 new connections a second in all", () => {
  const targets = aimAt(labFarms);
  expect(new Set(targets.map((target) => target.address)).size).toBe(5);
  expect(rateOf(targets)).toBeGreaterThan(50);
  expect(rateOf(targets)).toBeLessThan(200);
});

test("every checked backend of the lab is asked once a second, so that its percentiles stand on sixty answers", () => {
  const checks = labFarms.map(({ healthCheck }) => healthCheck).filter((check) => check !== null);
  expect(checks.map(({ intervalMs }) => intervalMs)).toEqual([1000, 1000, 1000, 1000]);
});

test("however many farms there are, the traffic stays bounded", () => {
  const many = Array.from({ length: 90 }, (_, i) =>
    makeFarm({ name: `f-${i}`, addresses: [`192.168.0.${2 + i}`], backends }),
  );
  expect(rateOf(aimAt(many))).toBeLessThanOrEqual(200);
});

test("stopped farms and addresses outside the clients' network get none", () => {
  const stopped = makeFarm({ name: "stopped", enabled: false, addresses: ["192.168.0.50"], backends });
  const far = makeFarm({ name: "far", addresses: ["10.9.9.9"], backends });
  expect(aimAt([stopped, far])).toEqual([]);
  expect([...vipsOf([stopped, far])]).toEqual(["192.168.0.50"]);
});

test("weights, states and cuts move no traffic; farms that come, go, stop or change do", () => {
  const farm = makeFarm({ name: "one", addresses: ["192.168.0.50"], backends });
  const [farmId, base, backendId] = [farm.id, 1, farm.backends[0]?.id ?? ""];
  const staying: Operation[] = [
    { type: "set-weights", base, farmId, weights: { [backendId]: 5 } },
    { type: "set-admin-state", base, farmId, states: { [backendId]: "drain" } },
    { type: "cut", base, farmId, backendId },
  ];
  const moving: Operation[] = [
    { type: "put-farm", base, farm },
    { type: "remove-farm", base, farmId },
    { type: "set-enabled", base, farmId, enabled: false },
  ];
  expect([staying.some(movesTraffic), moving.every(movesTraffic)]).toEqual([false, true]);
});
