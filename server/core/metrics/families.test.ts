import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Family } from "./exposition.ts";
import {
  backendFamilies,
  balancerFamilies,
  checkFamilies,
  farmFamilies,
  processFamilies,
  webFamilies,
} from "./families.ts";

const families: readonly Family[] = [
  backendFamilies,
  checkFamilies,
  farmFamilies,
  balancerFamilies,
  webFamilies,
  processFamilies("agent"),
  processFamilies("web"),
].flatMap((group) => Object.values<Family>(group));

test("every family has a name of its own, ours, with its unit; totals and only they end with _total", () => {
  const names = families.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, type } of families) {
    expect(name).toMatch(/^sluice_[a-z_]+$/);
    expect(name.endsWith("_total"), name).toBe(type === "counter");
    if (type === "histogram") expect(name).toMatch(/_seconds$/);
  }
});

test("the dashboard for Grafana asks for families that there are, and for every one of a backend's and a farm's", () => {
  const text = readFileSync(new URL("../../../public/grafana/sluice.json", import.meta.url), "utf8");
  const asked = new Set(text.match(/sluice_[a-z_]+/g)?.map((name) => name.replace(/_bucket$/, "")));
  const known = new Set(families.map(({ name }) => name));
  for (const name of asked) expect(known, name).toContain(name);
  const plain = new Set([
    "sluice_backend_info",
    "sluice_backend_packets_total",
    "sluice_backend_weight",
    "sluice_backend_health_since_seconds",
  ]);
  for (const { name } of [
    ...Object.values(backendFamilies),
    ...Object.values(checkFamilies),
    ...Object.values(farmFamilies),
  ])
    if (!plain.has(name)) expect(asked, name).toContain(name);
});
