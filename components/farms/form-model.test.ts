import { describe, expect, it } from "vitest";
import { farmSchema } from "../../server/core/farm/schema.ts";
import { resolve, threeWay } from "../changes/three-way.ts";
import { mergeDrafts, sideOfDraft } from "./form-conflict.ts";
import {
  documentOfDraft,
  draftOfFarm,
  duplicateDraft,
  emptyBackend,
  emptyDraft,
  fieldOfPath,
  formIssues,
} from "./form-model.ts";
import { emptyPolicyDraft, policyMessage, policyText, withReference } from "./policy-draft.ts";
import { schedulers } from "./scheduler-choices.ts";

const ids = [1, 2, 3, 4].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
const [farmId = "", one = "", two = "", three = ""] = ids;
const farm = farmSchema.parse({
  id: farmId,
  name: "shop",
  addresses: ["192.168.0.40"],
  protocol: "tcp",
  ports: [80, "8000-8010"],
  notes: "hello",
  tags: ["eu"],
  backends: [
    { id: one, name: "web-1", address: "192.168.100.10", port: 80, weight: 100, tier: 2 },
    { id: two, name: "web-2", address: "192.168.100.11", weight: 50 },
  ],
});

describe("the farm form", () => {
  it("gives an unedited farm back unchanged, with the parts it does not show", () => {
    expect(farmSchema.parse(documentOfDraft(draftOfFarm(farm), farm.id, farm))).toEqual(farm);
  });

  it("gives back a farm that uses every field it shows", () => {
    const full = farmSchema.parse({
      ...farm,
      forwarding: "snat",
      snatAddress: "192.168.100.1",
      persistence: { by: "source-address", timeoutS: 60, prefixV4: 24, prefixV6: 56, size: 1000 },
      pins: [{ client: "10.0.0.0/24", backend: "web-2" }],
      drainSticky: "move",
      onAllDown: "drop",
      sorryServer: { address: "192.168.100.9", port: 8080 },
      healthCheck: {
        type: "https",
        path: "/live",
        statuses: ["200", "300-399"],
        headers: [{ name: "X-A", value: "b: c" }],
      },
      onDown: "cut",
      failover: { slowStartS: 30, panicPct: 60, quorum: 2, flapChanges: 0 },
      outlier: { failedPct: 40 },
      dynamic: { floorPct: 20, ceilingPct: 150, load: { type: "snmp", port: 1161, community: "c" } },
      drainDeadlineS: 600,
      maintenanceWindows: [
        { backend: "web-2", startsAt: "2026-11-23T22:00:00Z", endsAt: "2026-11-23T23:00:00Z" },
        { startsAt: "2026-11-24T22:00:00Z", endsAt: "2026-11-24T23:00:00Z" },
      ],
      backends: farm.backends.map((each) => ({
        ...each,
        maxConnections: 10,
        snatAddress: "192.168.100.2",
        healthCheck: { type: "dns", name: "example.org", recordType: "A" },
      })),
    });
    expect(farmSchema.parse(documentOfDraft(draftOfFarm(full), farm.id, full))).toEqual(full);
    const renamed = draftOfFarm(full);
    const backends = renamed.backends.map((each) => ({ ...each, name: `${each.name}-b` }));
    expect(documentOfDraft({ ...renamed, backends }, farm.id, full)).toMatchObject({
      pins: [{ client: "10.0.0.0/24", backend: "web-2-b" }],
      maintenanceWindows: [{ backend: "web-2-b" }, { backend: null }],
    });
    const left = documentOfDraft({ ...renamed, backends: backends.slice(0, 1) }, farm.id, full);
    expect(left.maintenanceWindows).toMatchObject([{ backend: null }]);
  });

  it("leaves ports to the client where the farm answers every port, and has them again afterwards", () => {
    const every = { ...draftOfFarm(farm), protocol: "all" as const };
    const document = farmSchema.parse(documentOfDraft(every, farm.id, farm));
    expect([document.ports, document.backends.map(({ port }) => port)]).toEqual([[], [null, null]]);
    expect(farmSchema.parse(documentOfDraft({ ...every, protocol: "tcp" }, farm.id, farm))).toEqual(farm);
  });

  it("keeps what is hashed as it was written until another choice is made", () => {
    const written = { ...farm, hashFields: ["source-port" as const, "source-address" as const] };
    const draft = draftOfFarm(written);
    expect(documentOfDraft(draft, farm.id, written).hashFields).toEqual(["source-port", "source-address"]);
    const changed = { ...draft, hashFields: "source-port" as const };
    expect(documentOfDraft(changed, farm.id, written).hashFields).toEqual(["source-port"]);
    expect(documentOfDraft(draft, farm.id, null).hashFields).toEqual(["source-address", "source-port"]);
  });

  it("offers every scheduler of the farm document", () => {
    expect(schedulers.map(({ value }) => value).toSorted()).toEqual(
      [...farmSchema.shape.scheduler.def.innerType.options].sort(),
    );
  });

  it("lets core refuse text where a number belongs, at its field", () => {
    const draft = draftOfFarm(farm);
    const [first, ...rest] = draft.backends;
    if (first === undefined) throw new Error("no backend");
    for (const weight of ["", "ten", "1.5", "-1", "1001"]) {
      const parsed = farmSchema.safeParse(
        documentOfDraft({ ...draft, backends: [{ ...first, weight }, ...rest] }, farm.id, farm),
      );
      expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([["backends", 0, "weight"]]);
    }
  });

  it("never takes an emptied port box for every port", () => {
    expect(formIssues({ ...draftOfFarm(farm), ports: " , " })).toHaveProperty("ports");
    expect(formIssues({ ...draftOfFarm(farm), ports: "", everyPort: true })).toEqual({});
  });

  it("copies a farm without its addresses and with new backend ids", () => {
    const copy = duplicateDraft(farm, () => three);
    const pinned = { ...farm, pins: [{ client: "10.0.0.5", backend: "web-1" }] };
    expect(duplicateDraft(pinned, () => three).pins).toEqual([{ client: "10.0.0.5", backendId: three }]);
    expect([copy.name, copy.addresses, copy.backends.map((backend) => backend.id)]).toEqual([
      "shop-copy",
      [""],
      [three, three],
    ]);
  });

  it("names the next backend after the last one", () => {
    const [first] = draftOfFarm(farm).backends;
    expect(emptyBackend(three, 2, first).name).toBe("web-2");
    expect(emptyDraft([one, two]).backends.map((backend) => backend.name)).toEqual(["backend-1", "backend-2"]);
  });
});

describe("filters and QoS in the form", () => {
  const policy = {
    allow: ["10.0.0.0/8", "fd00::/8"],
    deny: ["10.9.0.1-10.9.0.7"],
    newPerSecondPerSource: 20,
    connectionsPerSource: 10,
    synPerSecond: 500,
    synProxy: true,
    dropInvalid: true,
    logPerSecond: 2,
    dscp: "af21",
    priority: "1:10",
  };
  const filtered = farmSchema.parse({ ...farm, policy });
  const draft = draftOfFarm(filtered);

  it("are given back unchanged when nobody edits them", () => {
    expect(farmSchema.parse(documentOfDraft(draft, farm.id, filtered))).toEqual(filtered);
  });

  it("take lines and commas, and say an error at its line", () => {
    const typed = { ...draft.policy, deny: "10.0.0.0/8, 10.1.0.0 - 10.1.0.9\n\n 10.2.0.300" };
    const document = documentOfDraft({ ...draft, policy: typed }, farm.id, filtered);
    expect(document.policy).toMatchObject({ deny: ["10.0.0.0/8", "10.1.0.0 - 10.1.0.9", "10.2.0.300"] });
    expect(policyMessage(typed, "policy.deny[2]", "is wrong")).toBe("Line 3: is wrong");
    expect(policyMessage(typed, "policy.dscp", "is wrong")).toBe("is wrong");
    // in the document references stand behind the networks
    const mixed = { ...typed, deny: "@gone\n10.0.0.1" };
    expect(policyMessage(mixed, "policy.deny[1]", "@gone: is not there")).toBe("Line 1: @gone: is not there");
    expect([withReference(mixed.deny, "gone"), withReference("10.0.0.1\n", "new"), withReference("", "new")]).toEqual([
      mixed.deny,
      "10.0.0.1\n@new",
      "@new",
    ]);
    expect(fieldOfPath("policy.deny[2]")).toBe("policy.deny");
  });

  it("lose the SYN limit with the protocol that has one", () => {
    const document = documentOfDraft({ ...draft, protocol: "udp" }, farm.id, filtered);
    expect(document.policy).toMatchObject({ synPerSecond: null, synProxy: false, connectionsPerSource: 10 });
  });

  it("let core refuse text where a number belongs", () => {
    const typed = { ...draft.policy, connectionsPerSource: "ten" };
    const parsed = farmSchema.safeParse(documentOfDraft({ ...draft, policy: typed }, farm.id, filtered));
    expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([["policy", "connectionsPerSource"]]);
  });

  it("stand in one line when two drafts are compared", () => {
    expect(policyText(draft.policy)).toContain("deny 10.9.0.1-10.9.0.7; newPerSecondPerSource 20");
    expect(policyText(emptyPolicyDraft)).toBe("none");
  });
});

describe("a conflict of two forms", () => {
  const base = draftOfFarm(farm);
  const yours = {
    ...base,
    notes: "mine",
    ports: "81",
    backends: [...base.backends.slice(1), { ...emptyBackend(three, 2), address: "192.168.100.12" }],
  };
  const theirs = { ...base, notes: "theirs", scheduler: "random" as const };
  const rows = threeWay(sideOfDraft(base), sideOfDraft(yours), sideOfDraft(theirs));

  it("keeps what only one side changed and asks about what both changed", () => {
    expect(rows.map((row) => [row.key, row.changedBy])).toEqual([
      ["ports", "yours"],
      ["scheduler", "theirs"],
      ["notes", "both"],
      [`backend:${one}`, "yours"],
      [`backend:${three}`, "yours"],
    ]);
    const merged = mergeDrafts(yours, theirs, resolve(rows, new Map([["notes", "theirs"]])));
    expect(merged).toEqual({ ...theirs, ports: "81", backends: yours.backends });
  });
});
