import { describe, expect, it } from "vitest";
import { testFarm } from "./farm-fixture.ts";
import { limits } from "./limits.ts";
import { farmIssues, parseFarm } from "./validate.ts";

type Draft = Record<string, unknown> & { backends: Record<string, unknown>[] };

function draft(): Draft {
  return structuredClone(testFarm(1)) as unknown as Draft;
}

function withFarm(fields: Readonly<Record<string, unknown>>): unknown {
  return { ...draft(), ...fields };
}

function withBackend(fields: Readonly<Record<string, unknown>>): unknown {
  const farm = draft();
  farm.backends[1] = { ...farm.backends[1], ...fields };
  return farm;
}

function keptPorts(fields: Readonly<Record<string, unknown>>): unknown {
  const farm = draft();
  return { ...farm, backends: farm.backends.map((backend) => ({ ...backend, port: null })), ...fields };
}

function backends(count: number): unknown[] {
  return Array.from({ length: count }, (_, at) => ({
    ...draft().backends[0],
    id: `00000000-0000-4b00-8000-${String(at).padStart(12, "0")}`,
    name: `b-${at}`,
    address: `10.0.${at >> 8}.${at & 255}`,
  }));
}

function refusal(input: unknown): { code: string; path: string; message: string } {
  const parsed = parseFarm(input);
  if (parsed.ok) throw new Error("was accepted");
  const issue = parsed.error.issues?.[0];
  return { code: parsed.error.code, path: issue?.path ?? "(none)", message: issue?.message ?? "(none)" };
}

describe("parseFarm", () => {
  it("takes a whole farm and gives every default", () => {
    const { id, name } = draft();
    const [backend] = draft().backends;
    const parsed = parseFarm({
      id,
      name,
      addresses: ["192.0.2.1"],
      protocol: "tcp",
      ports: [443, 80, "81-90", 85],
      backends: [{ id: backend?.id, name: "web-1", address: "198.51.100.10" }],
    });
    expect(parsed).toMatchObject({
      ok: true,
      value: { enabled: true, scheduler: "weighted", forwarding: "dnat", ports: ["80-90", 443], onAllDown: "reject" },
    });
    expect(parsed.ok && parsed.value.backends[0]).toMatchObject({
      port: null,
      weight: 100,
      adminState: "active",
      tier: 0,
    });
  });

  it.each<[string, string, unknown]>([
    ["a hostname as VIP", "addresses[0]", withFarm({ addresses: ["shop.example.com"] })],
    ["a hostname as backend", "backends[1].address", withBackend({ address: "localhost" })],
    ["an IPv4-mapped IPv6 VIP", "addresses[0]", withFarm({ addresses: ["::ffff:192.0.2.1"] })],
    ["an IPv4-mapped IPv6 backend", "backends[1].address", withBackend({ address: "::ffff:c000:201" })],
    ["a loopback VIP", "addresses[0]", withFarm({ addresses: ["127.0.0.1"] })],
    ["an IPv6 loopback backend", "backends[1].address", withBackend({ address: "::1" })],
    ["a multicast VIP", "addresses[0]", withFarm({ addresses: ["224.0.0.1"] })],
    ["an IPv6 multicast backend", "backends[1].address", withBackend({ address: "ff02::1" })],
    ["0.0.0.0 as VIP", "addresses[0]", withFarm({ addresses: ["0.0.0.0"] })],
    [":: as backend", "backends[1].address", withBackend({ address: "::" })],
    ["a link-local VIP", "addresses[0]", withFarm({ addresses: ["fe80::1"] })],
    ["an address with a zone", "addresses[0]", withFarm({ addresses: ["fe80::1%eth0"] })],
    ["an address with leading zeros", "addresses[0]", withFarm({ addresses: ["192.0.2.01"] })],
    ["a short address", "addresses[0]", withFarm({ addresses: ["192.0.513"] })],
    ["a network", "addresses[0]", withFarm({ addresses: ["192.0.2.0/24"] })],
    ["port 0", "ports[0]", withFarm({ ports: [0] })],
    ["port 65536", "ports[0]", withFarm({ ports: [65_536] })],
    ["a port that is text", "ports[0]", withFarm({ ports: ["http"] })],
    ["a port with nft text", "ports[0]", withFarm({ ports: ["80 : drop"] })],
    ["a reversed range", "ports[1]", withFarm({ ports: [80, "90-85"] })],
    ["a range of three", "ports[0]", withFarm({ ports: ["1-2-3"] })],
    ["port 0 of a backend", "backends[1].port", withBackend({ port: 0 })],
    ["port 65536 of a backend", "backends[1].port", withBackend({ port: 65_536 })],
    ["a backend port that is text", "backends[1].port", withBackend({ port: "80" })],
    ["weight -1", "backends[1].weight", withBackend({ weight: -1 })],
    ["weight 1001", "backends[1].weight", withBackend({ weight: 1001 })],
    ["weight 1.5", "backends[1].weight", withBackend({ weight: 1.5 })],
    ["weight NaN", "backends[1].weight", withBackend({ weight: Number.NaN })],
    ["a weight that is text", "backends[1].weight", withBackend({ weight: "100" })],
    ["a name with a quote", "name", withFarm({ name: 'shop"' })],
    ["a name with a semicolon", "name", withFarm({ name: "shop; flush ruleset" })],
    ["a name with a newline", "name", withFarm({ name: "shop\nflush" })],
    ["a name that ends with a newline", "name", withFarm({ name: "shop\n" })],
    ["a name with unicode", "name", withFarm({ name: "shöp" })],
    ["a name in capitals", "name", withFarm({ name: "Shop" })],
    ["a name of 300 characters", "name", withFarm({ name: "a".repeat(300) })],
    ["an empty name", "name", withFarm({ name: "" })],
    ["a backend name with a quote", "backends[1].name", withBackend({ name: "web'1" })],
    ["a VIP family without backend", "addresses[1]", withFarm({ addresses: ["192.0.2.1", "2001:db8::1"] })],
    ["a backend of no VIP's family", "backends[1].address", withBackend({ address: "2001:db8::11" })],
    ["no backends", "backends", withFarm({ backends: [] })],
    ["backends that are no list", "backends", withFarm({ backends: {} })],
    ["no addresses", "addresses", withFarm({ addresses: [] })],
    ["an unknown field", "colour", withFarm({ colour: "red" })],
    ["an unknown field of a backend", "backends[1].colour", withBackend({ colour: "red" })],
    ["an unknown protocol", "protocol", withFarm({ protocol: "icmp" })],
    ["an unknown scheduler", "scheduler", withFarm({ scheduler: "best" })],
    ["an unknown state", "backends[1].adminState", withBackend({ adminState: "off" })],
    ["a farm id that is no UUID", "id", withFarm({ id: "1" })],
    ["17 addresses", "addresses", withFarm({ addresses: Array.from({ length: 17 }, (_, at) => `192.0.2.${at + 1}`) })],
    ["65 ports", "ports", withFarm({ ports: Array.from({ length: 65 }, (_, at) => at * 2 + 1) })],
    ["1,001 backends", "backends", withFarm({ backends: backends(limits.backendsPerFarmMax + 1) })],
    ["notes of 2,001 characters", "notes", withFarm({ notes: "x".repeat(2001) })],
    ["the same address twice", "addresses[1]", withFarm({ addresses: ["192.0.2.1", "192.0.2.1"] })],
    ["a backend name twice", "backends[1].name", withBackend({ name: "b-1" })],
    ["a backend address and port twice", "backends[1].address", withBackend({ address: "198.51.100.10" })],
    ["a backend at the farm's own VIP", "backends[1].address", withBackend({ address: "192.0.2.1" })],
    ["a source address without snat", "snatAddress", withFarm({ snatAddress: "192.0.2.9" })],
    [
      "a source address of no VIP's family",
      "snatAddress",
      withFarm({ forwarding: "snat", snatAddress: "2001:db8::9" }),
    ],
    [
      "a source address of a backend without snat",
      "backends[1].snatAddress",
      withBackend({ snatAddress: "192.0.2.9" }),
    ],
    ["a backend port in a farm of every port", "backends[0].port", withFarm({ ports: [] })],
    ["ports in a farm of all protocols", "ports", keptPorts({ protocol: "all" })],
    ["ejection by real traffic of datagrams", "outlier", withFarm({ protocol: "udp", outlier: {} })],
    [
      "ejection by real traffic without tracking",
      "outlier",
      withFarm({ forwarding: "stateless", scheduler: "source-hash", outlier: {} }),
    ],
    ["text instead of a farm", "", "shop"],
    ["null instead of a farm", "", null],
    ["a list instead of a farm", "", []],
  ])("refuses %s, naming the field", (_what, path, input) => {
    const found = refusal(input);
    expect(found).toMatchObject({ code: "invalid", path });
    expect(found.message).not.toBe("Invalid input");
    expect(found.message.length).toBeGreaterThan(5);
  });

  it("names an address twice also when it is written in two ways", () => {
    const farm = withFarm({ addresses: ["2001:db8::1", "2001:DB8:0:0::1"] });
    expect(refusal(farm)).toMatchObject({ code: "invalid", path: "addresses[1]" });
  });

  it.each(["source-hash", "symmetric-hash", "maglev", "least-connections", "least-response", "least-load"])(
    "takes a farm of scheduler %s",
    (scheduler) => {
      expect(parseFarm(withFarm({ scheduler })).ok).toBe(true);
    },
  );

  it("refuses to hash the source port where not every packet has one", () => {
    const issuesOf = (more: object) =>
      farmIssues(testFarm(1, [{ address: "198.51.100.1", port: null }], { hashFields: ["source-port"], ...more }));
    expect(issuesOf({ scheduler: "maglev", protocol: "udp" })).toEqual([]);
    expect(issuesOf({ scheduler: "maglev", protocol: "all", ports: [] })).toMatchObject([{ path: "hashFields" }]);
    expect(issuesOf({ scheduler: "weighted", protocol: "all", ports: [] })).toEqual([]);
  });

  it("names limit and value of what is too much", () => {
    const ports = Array.from({ length: 65 }, (_, at) => at * 2 + 1);
    expect(refusal(withFarm({ ports })).message).toBe("At most 64 port entries (here 65)");
    expect(refusal(withFarm({ notes: "x".repeat(2001) })).message).toContain("2000 characters (here 2001)");
  });

  it("says every fault at once", () => {
    const parsed = parseFarm({ ...draft(), name: "No", ports: [0], extra: 1 });
    expect(!parsed.ok && parsed.error.issues?.map(({ path }) => path).sort()).toEqual(["extra", "name", "ports[0]"]);
  });

  it("shows no more than 60 characters of an unknown field's name", () => {
    expect(refusal(withFarm({ ["x".repeat(300)]: 1 })).path.length).toBeLessThanOrEqual(61);
  });
});
