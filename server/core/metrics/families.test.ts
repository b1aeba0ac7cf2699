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

/** Beside those of its group; what a scrape adds (instance, job) and a histogram's bounds come on top. */
const ownLabels: Readonly<Record<string, readonly string[]>> = {
  [backendFamilies.info.name]: ["address", "port"],
  [backendFamilies.bytes.name]: ["direction"],
  [backendFamilies.packets.name]: ["direction"],
  [backendFamilies.share.name]: ["kind"],
  [backendFamilies.adminState.name]: ["state"],
  [backendFamilies.health.name]: ["state"],
  [backendFamilies.connect.name]: ["percentile"],
  [backendFamilies.openTime.name]: ["percentile"],
  [backendFamilies.failedOpens.name]: ["how"],
  [checkFamilies.out.name]: ["why"],
  [checkFamilies.factor.name]: ["kind"],
  [farmFamilies.state.name]: ["state"],
  [farmFamilies.turnedAway.name]: ["reason", "list"],
  [balancerFamilies.build.name]: ["version", "kernel", "nft"],
  [balancerFamilies.sync.name]: ["state"],
  [balancerFamilies.events.name]: ["kind"],
  [webFamilies.untaken.name]: ["target"],
};

function labelsOf(family: Family): readonly string[] {
  const isIn = (group: Readonly<Record<string, Family>>) => Object.values(group).includes(family);
  const group = isIn(backendFamilies) || isIn(checkFamilies) ? ["farm", "backend"] : isIn(farmFamilies) ? ["farm"] : [];
  return [...group, ...(ownLabels[family.name] ?? []), ...(family.type === "histogram" ? ["le"] : [])];
}

/** What a query picks by, and what its answer is named by. */
function labelsIn(query: string, legend: string) {
  const names = (text: string) => text.split(",").map((each) => each.trim());
  const picked = [...query.matchAll(/\{([^}]*)\}/g)].flatMap(([, inside = ""]) =>
    [...inside.matchAll(/(\w+)\s*[=!]/g)].map(([, name = ""]) => name),
  );
  const grouped = [...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, inside = ""]) => names(inside));
  const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = ""]) => name);
  return { picked, grouped, shown };
}

test("the dashboard picks, groups and names by labels that its families have", () => {
  type Target = { readonly expr?: unknown; readonly legendFormat?: unknown };
  const targets: Target[] = [];
  JSON.parse(
    readFileSync(new URL("../../../public/grafana/sluice.json", import.meta.url), "utf8"),
    (_key, value: Target) => {
      if (typeof value?.expr === "string") targets.push(value);
      return value;
    },
  );
  expect(targets.length).toBeGreaterThan(40);
  for (const { expr, legendFormat = "" } of targets) {
    const query = String(expr);
    const asked = families.filter(({ name }) => new RegExp(`\\b${name}(_bucket)?\\b`).test(query));
    const known = [...asked.flatMap(labelsOf), "instance", "job"];
    const { picked, grouped, shown } = labelsIn(query, String(legendFormat));
    expect(asked.length, query).toBeGreaterThan(0);
    for (const label of [...picked, ...grouped]) expect(known, `${label} in ${query}`).toContain(label);
    const left = grouped.length > 0 ? grouped : known;
    for (const label of shown) expect(left, `${label} in the legend of ${query}`).toContain(label);
  }
});
