/** Every field of the farm document has its place in the form, or a page of its own. */
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { farmSchema } from "@/server/core/farm/schema.ts";
import type { Farm } from "@/server/core/farm/types.ts";
import { BackendsSection } from "./backends-section.tsx";
import { BalanceSection } from "./balance-section.tsx";
import { CheckSection } from "./check-section.tsx";
import { DynamicSection } from "./dynamic-section.tsx";
import { FailoverSection } from "./failover-section.tsx";
import { FiltersSection } from "./filters-section.tsx";
import { draftOfFarm } from "./form-model.ts";
import { ForwardingSection } from "./forwarding-section.tsx";
import { IdentitySection } from "./identity-section.tsx";
import { ListenSection } from "./listen-section.tsx";
import { OutageSection } from "./outage-section.tsx";
import { OutlierSection } from "./outlier-section.tsx";
import { PersistenceSection } from "./persistence-section.tsx";
import { useFarmForm } from "./use-farm-form.ts";

/** Where people change what the form does not have. */
const elsewhere: Readonly<Record<string, string>> = {
  id: "given once, never changed",
  "backends.id": "given once, never changed",
  "backends.adminState": "drain, resume, maintenance: the weights board, the backend's page",
  maintenanceWindows: "planned on the monitor page",
};

/** Boxes to tick have a label and no name. */
const ticked: Readonly<Record<string, string>> = {
  enabled: "Enabled",
  "policy.synProxy": "SYN proxy: a client proves that it is there",
  "policy.dropInvalid": "Drop invalid packets and bogus TCP flags",
  "healthCheck.verify": "The certificate must be valid",
  "healthCheck.tls": "Through TLS",
  "backends.healthCheck.verify": "The certificate must be valid",
  "backends.healthCheck.tls": "Through TLS",
};

test("every field of the farm document is edited in Settings or on a page that is named here", () => {
  const edited = new Set<string>();
  const all = new Set<string>();
  for (const farm of documents()) {
    const html = renderToStaticMarkup(createElement(Sections, { farm }));
    const names = Array.from(html.matchAll(/ name="([^"]+)"/g), ([, name = ""]) => name.replace(/\[\d+\]/g, ""));
    for (const path of pathsOf(farm)) {
      all.add(path);
      const label = ticked[path];
      const isNamed = names.some((name) => upwards(path).includes(name) || name.startsWith(`${path}.`));
      if (label === undefined ? isNamed : html.includes(label)) edited.add(path);
    }
  }
  expect(all.size).toBeGreaterThan(80);
  expect([...all].filter((path) => !edited.has(path) && !upwards(path).some((each) => elsewhere[each]))).toEqual([]);
});

/** Farms that together have a value in every field. */
function documents(): Farm[] {
  const full = {
    id: "00000000-0000-4000-8000-000000000001",
    name: "shop",
    addresses: ["192.168.0.40"],
    protocol: "tcp",
    ports: [80],
    forwarding: "snat",
    snatAddress: "192.168.100.1",
    scheduler: "least-load",
    persistence: { size: 1000 },
    pins: [{ client: "10.0.0.0/24", backend: "web-1" }],
    drainSticky: "move",
    sorryServer: { address: "192.168.100.9", port: 8080 },
    outlier: {},
    drainDeadlineS: 600,
    maintenanceWindows: [{ startsAt: "2026-11-24T22:00:00Z", endsAt: "2026-11-24T23:00:00Z" }],
    tags: ["eu"],
  };
  const backend = { id: "00000000-0000-4000-8000-000000000002", name: "web-1", address: "192.168.100.10", port: 80 };
  const more = { snatAddress: "192.168.100.2", maxConnections: 10 };
  const loads = [null, { type: "node-exporter" }, { type: "agent", port: 9 }, { type: "snmp" }];
  // the other kinds have no field that none of these has
  const checks = [
    null,
    { type: "https" },
    { type: "udp" },
    { type: "dns" },
    { type: "grpc" },
    { type: "external", command: "x" },
  ];
  const farms = checks.map((healthCheck, at) => {
    const scheduler = at === checks.length - 1 ? "source-hash" : "least-load";
    const backends = [{ ...backend, ...more, healthCheck }];
    return { ...full, scheduler, healthCheck, dynamic: { load: loads[at % loads.length] }, backends };
  });
  return farms.map((document) => farmSchema.parse(document));
}

function Sections({ farm }: { readonly farm: Farm }) {
  const input = { farmId: farm.id, view: { farm, version: 1 }, storageKey: "x", newId: () => farm.id };
  const form = useFarmForm({ ...input, start: draftOfFarm(farm) });
  // errors open what is folded; what cannot be combined is not asked here
  const open = { ...form, hasErrorAt: () => true, errorOf: () => "wrong", reasonAgainst: () => null };
  const sections = [
    IdentitySection,
    ListenSection,
    BalanceSection,
    DynamicSection,
    BackendsSection,
    ForwardingSection,
    PersistenceSection,
    CheckSection,
    FailoverSection,
    OutlierSection,
    OutageSection,
  ].map((section) => createElement(section, { form: open, key: section.name }));
  return [...sections, createElement(FiltersSection, { form: open, key: "filters", listNames: [] })];
}

/** "policy.deny", "backends.port": every field that holds a value, lists without their places. */
function pathsOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value))
    return value.length === 0 || typeof value[0] !== "object" ? [path] : value.flatMap((each) => pathsOf(each, path));
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, each]) => pathsOf(each, path === "" ? key : `${path}.${key}`));
}

/** The field, and the lists and groups it stands in: some are one box. */
function upwards(path: string): string[] {
  const parts = path.split(".");
  return parts.map((_, at) => parts.slice(0, parts.length - at).join("."));
}
