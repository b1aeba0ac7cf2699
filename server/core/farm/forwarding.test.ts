import { describe, expect, it } from "vitest";
import { testFarm } from "./farm-fixture.ts";
import { farmIssues } from "./validate.ts";

const both = [
  { address: "198.51.100.10", port: null },
  { address: "198.51.100.11", port: null },
];

function issues(
  more: Readonly<Record<string, unknown>>,
  backends: Parameters<typeof testFarm>[1] = both,
): [string, string][] {
  return farmIssues(testFarm(1, backends, more)).map(({ path, message }) => [path, message]);
}

describe("forwarding without tracking", () => {
  const stateless = { forwarding: "stateless", scheduler: "source-hash" };

  it("takes TCP by any hash and UDP by any scheduler, one address of each family, mapped or kept ports", () => {
    expect(issues(stateless)).toEqual([]);
    expect(issues({ ...stateless, scheduler: "maglev", ports: [80, "90-99"] })).toEqual([]);
    for (const scheduler of ["weighted", "round-robin", "random", "least-response"])
      expect(issues({ forwarding: "stateless", scheduler, protocol: "udp", ports: [53] })).toEqual([]);
    const mapped = [{ address: "198.51.100.10", port: 8080 }, { address: "2001:db8::10" }];
    expect(issues({ ...stateless, addresses: ["192.0.2.1", "2001:db8:1::1"] }, mapped)).toEqual([]);
  });

  it.each<[string, string, string, Readonly<Record<string, unknown>>, Parameters<typeof testFarm>[1]?]>([
    ["TCP in turns", "scheduler", "scatter one TCP connection", { forwarding: "stateless", scheduler: "round-robin" }],
    ["TCP by load", "scheduler", "scatter one TCP connection", { forwarding: "stateless", scheduler: "least-load" }],
    ["all protocols", "protocol", "knows an answer by its port", { ...stateless, protocol: "all", ports: [] }],
    ["SCTP", "protocol", "knows an answer by its port", { ...stateless, protocol: "sctp" }],
    ["every port", "ports", "name the ports", { ...stateless, ports: [] }],
    ["two IPv4 addresses", "addresses[1]", "which address", { ...stateless, addresses: ["192.0.2.1", "192.0.2.2"] }],
    [
      "mapping several ports",
      "backends[0].port",
      "which port",
      { ...stateless, ports: [80, 81] },
      [{ address: "198.51.100.10" }],
    ],
    [
      "one address twice",
      "backends[1].address",
      "once",
      stateless,
      [{ address: "198.51.100.10" }, { address: "198.51.100.10", port: 81 }],
    ],
    [
      "what it cannot count",
      "scheduler",
      "Counting open connections needs tracked connections",
      { forwarding: "stateless", scheduler: "least-connections", protocol: "udp" },
    ],
    ["persistence", "persistence", "track", { ...stateless, persistence: {} }],
    ["a filter", "policy", "tracks none", { ...stateless, policy: { deny: ["10.0.0.0/8"] } }],
    ["QoS", "policy", "tracks none", { ...stateless, policy: { dscp: "af21" } }],
    ["cutting", "onDown", "tracks none", { ...stateless, onDown: "cut" }],
    ["a sorry server", "sorryServer", "track", { ...stateless, sorryServer: { address: "198.51.100.99" } }],
    ["a source address", "snatAddress", "needs forwarding snat", { ...stateless, snatAddress: "192.0.2.9" }],
    [
      "a connection limit",
      "backends[0].maxConnections",
      "track",
      stateless,
      [{ address: "198.51.100.10", maxConnections: 5 }],
    ],
  ])("refuses %s with the reason", (_what, path, reason, more, backends) => {
    const found = issues(more, backends).find(([at]) => at === path);
    expect(found?.[1]).toContain(reason);
  });
});

describe("direct return", () => {
  const dsr = { forwarding: "dsr" };

  it.each<[string, string, string, Readonly<Record<string, unknown>>, Parameters<typeof testFarm>[1]?]>([
    ["another port", "backends[0].port", "changes no port", dsr, [{ address: "198.51.100.10", port: 8080 }]],
    ["all protocols", "protocol", "by their ports", { ...dsr, protocol: "all", ports: [] }],
    ["what it cannot count", "scheduler", "tracks none", { ...dsr, scheduler: "least-connections" }],
    ["a source address", "snatAddress", "needs forwarding snat", { ...dsr, snatAddress: "192.0.2.9" }],
    ["persistence", "persistence", "track", { ...dsr, persistence: {} }],
    ["a filter", "policy", "tracks none", { ...dsr, policy: { deny: ["10.0.0.0/8"] } }],
    [
      "a connection limit",
      "backends[0].maxConnections",
      "track",
      dsr,
      [{ address: "198.51.100.10", port: null, maxConnections: 5 }],
    ],
  ])("cannot carry %s, and the reason is said", (_what, path, reason, more, backends) => {
    const found = issues(more, backends).find(([at]) => at === path);
    expect(found?.[1]).toContain(reason);
  });

  it("takes the client's port, named or kept", () => {
    expect(issues(dsr)).toEqual([]);
    expect(issues(dsr, [{ address: "198.51.100.10", port: 80 }])).toEqual([]);
  });
});
