import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FarmCalls, makeFarm } from "./farm-calls.ts";
import { type OpenLab, openLab } from "./open-lab.ts";

const both4 = [{ address: "192.168.100.10" }, { address: "192.168.100.11" }];
const both6 = [{ address: "fd00:51:100::10" }, { address: "fd00:51:100::11" }];
let lab: OpenLab;
let farms: FarmCalls;

beforeAll(async () => {
  lab = await openLab({ clients: false, farms: [] });
  farms = new FarmCalls(lab.socket);
});
afterAll(() => lab.close());

/** Every test has a VIP of its own, so that no test meets another's connections. */
let lastVip = 60;
async function freshVip(): Promise<string> {
  lastVip += 1;
  const vip = `192.168.0.${lastVip}`;
  await lab.exec("balancer", ["ip", "addr", "add", `${vip}/32`, "dev", "front"]);
  return vip;
}

/** Packets that a set of the rules counted, all backends together. */
async function packets(set: "bin" | "bout"): Promise<number> {
  const { stdout } = await lab.exec("balancer", ["nft", "list", "set", "inet", "sluice", set]);
  return Array.from(stdout.matchAll(/packets ([0-9]+)/g), (match) => Number(match[1])).reduce((a, b) => a + b, 0);
}

function withPort(backends: readonly { address: string }[], port: number | null) {
  return backends.map((backend) => ({ ...backend, port }));
}

describe("what the backend sees", () => {
  test("dnat keeps the client's address", async () => {
    const vip = await freshVip();
    await farms.put(makeFarm({ name: "keeps", addresses: [vip], backends: withPort(both4, 80) }));
    const report = await lab.connect({ address: vip, port: 80, count: 20, source: "192.168.0.105" });
    expect(report).toMatchObject({ failed: 0, seenAs: { "192.168.0.105": 20 } });
  });

  test("snat hides the client behind the balancer's address", async () => {
    const vip = await freshVip();
    const backends = withPort(both4, 80);
    await farms.put(makeFarm({ name: "hides", addresses: [vip], forwarding: "snat", backends }));
    const report = await lab.connect({ address: vip, port: 80, count: 20 });
    expect(report).toMatchObject({ failed: 0, seenAs: { "192.168.100.1": 20 } });
  });

  test("snat with an address of its own shows that address", async () => {
    const vip = await freshVip();
    const farm = { name: "poses", addresses: [vip], forwarding: "snat", snatAddress: "10.77.0.1" };
    await farms.put(makeFarm({ ...farm, backends: withPort(both4, 80) }));
    const report = await lab.connect({ address: vip, port: 80, count: 20 });
    expect(report).toMatchObject({ failed: 0, seenAs: { "10.77.0.1": 20 } });
  });

  test("snat with an address per backend shows each backend its own; one without has the farm's", async () => {
    const vip = await freshVip();
    const backends = [
      { ...both4[0], port: 80, snatAddress: "10.77.0.10" },
      { ...both4[1], port: 80 },
    ];
    const farm = { name: "poses-twice", addresses: [vip], forwarding: "snat", snatAddress: "10.77.0.1" };
    await farms.put(makeFarm({ ...farm, scheduler: "round-robin", backends }));
    const report = await lab.connect({ address: vip, port: 80, count: 20 });
    expect(report).toMatchObject({ failed: 0, seenAs: { "10.77.0.10": 10, "10.77.0.1": 10 } });
  });

  test("snat of a farm of both families shows each family the address given for it, else the balancer's", async () => {
    const vip = await freshVip();
    await lab.exec("balancer", ["ip", "addr", "add", "fd00:51::63/128", "dev", "front", "nodad"]);
    const backends = [
      { ...both4[0], name: "four", port: 80 },
      { ...both6[0], name: "six", port: 80, snatAddress: "fd00:77::1" },
    ];
    await farms.put(makeFarm({ name: "both-pose", addresses: [vip, "fd00:51::63"], forwarding: "snat", backends }));
    const four = await lab.connect({ address: vip, port: 80, count: 10 });
    const six = await lab.connect({ address: "fd00:51::63", port: 80, count: 10 });
    expect([four.seenAs, six.seenAs]).toEqual([{ "192.168.100.1": 10 }, { "fd00:77::1": 10 }]);
  });

  test("a backend that calls its own farm is answered, by itself too (hairpin)", async () => {
    const vip = await freshVip();
    const backends = withPort(both4, 80);
    await farms.put(makeFarm({ name: "hairpin", addresses: [vip], scheduler: "round-robin", backends }));
    const report = await lab.connect({ from: "web-1", address: vip, port: 80, count: 20 });
    expect(report).toMatchObject({ failed: 0, answered: { "web-1": 10, "web-2": 10 } });
  });

  test("the balancer itself reaches its farms, is counted, and is refused like any client", async () => {
    const vip = await freshVip();
    const farm = makeFarm({ name: "own-way", addresses: [vip], backends: withPort(both4, 80) });
    await farms.put(farm);
    const before = [await packets("bin"), await packets("bout")];
    const report = await lab.connect({ from: "balancer", address: vip, port: 80, count: 10 });
    expect(report.failed).toBe(0);
    // a connection has at least a SYN, a request and an end each way
    expect((await packets("bin")) - (before[0] ?? 0)).toBeGreaterThanOrEqual(30);
    expect((await packets("bout")) - (before[1] ?? 0)).toBeGreaterThanOrEqual(30);
    await farms.weights(farm, [0, 0]);
    const refused = await lab.connect({ from: "balancer", address: vip, port: 80, count: 3 });
    expect(refused.errors).toEqual({ ECONNREFUSED: 3 });
  });

  test("the balancer itself reaches its IPv6 farms", async () => {
    await lab.exec("balancer", ["ip", "addr", "add", "fd00:51::64/128", "dev", "front", "nodad"]);
    await farms.put(makeFarm({ name: "own-six", addresses: ["fd00:51::64"], backends: withPort(both6, 80) }));
    const report = await lab.connect({ from: "balancer", address: "fd00:51::64", port: 80, count: 10 });
    expect(report.failed).toBe(0);
  });
});

describe("families, protocols and ports", () => {
  test("an IPv6 farm serves by its IPv6 backends", async () => {
    await lab.exec("balancer", ["ip", "addr", "add", "fd00:51::61/128", "dev", "front", "nodad"]);
    const backends = withPort(both6, 8080);
    await farms.put(makeFarm({ name: "six", addresses: ["fd00:51::61"], scheduler: "round-robin", backends }));
    const report = await lab.connect({ address: "fd00:51::61", port: 80, count: 20, source: "fd00:51::101" });
    expect(report).toMatchObject({ failed: 0, answered: { "web-1": 10, "web-2": 10 }, seenAs: { "fd00:51::101": 20 } });
  });

  test("IPv6 snat hides the client too", async () => {
    await lab.exec("balancer", ["ip", "addr", "add", "fd00:51::62/128", "dev", "front", "nodad"]);
    const farm = { name: "six-hides", addresses: ["fd00:51::62"], forwarding: "snat" };
    await farms.put(makeFarm({ ...farm, backends: withPort(both6, 80) }));
    const report = await lab.connect({ address: "fd00:51::62", port: 80, count: 10 });
    expect(report).toMatchObject({ failed: 0, seenAs: { "fd00:51:100::1": 10 } });
  });

  test("one farm on two ports, the port kept: each port reaches that port of a backend", async () => {
    const vip = await freshVip();
    await farms.put(makeFarm({ name: "ports", addresses: [vip], ports: [80, 443], backends: withPort(both4, null) }));
    const plain = await lab.connect({ address: vip, port: 80, count: 10 });
    const other = await lab.connect({ address: vip, port: 443, count: 10 });
    expect([plain.failed, other.failed]).toEqual([0, 0]);
    const counters = Object.values(await lab.counters());
    const at443 = counters.reduce((sum, one) => sum + (one.byHost[`${vip}:443`] ?? 0), 0);
    expect(at443).toBe(10);
  });

  test("ports mapped by one backend and kept by the other, over lists and ranges, at several VIPs of both families", async () => {
    const vips = [await freshVip(), await freshVip(), "fd00:51::65"];
    await lab.exec("balancer", ["ip", "addr", "add", "fd00:51::65/128", "dev", "front", "nodad"]);
    const backends = [
      { ...both4[0], name: "four-mapped", port: 443 },
      { ...both4[1], name: "four-kept", port: null },
      { ...both6[0], name: "six-mapped", port: 443 },
      { ...both6[1], name: "six-kept", port: null },
    ];
    const farm = { name: "mixed", addresses: vips, ports: [80, "8079-8081"], scheduler: "round-robin" };
    await farms.put(makeFarm({ ...farm, backends }));
    for (const address of vips)
      for (const port of [80, 8080]) {
        const report = await lab.connect({ address, port, count: 10 });
        expect(report).toMatchObject({ failed: 0, answered: { "web-1": 5, "web-2": 5 } });
      }
    // the backend that keeps the port has nobody at 8081, the one that maps it answers all the same
    const mapped = await lab.connect({ address: vips[0] ?? "", port: 8081, count: 10 });
    expect(mapped).toMatchObject({ answered: { "web-1": 5 }, errors: { ECONNREFUSED: 5 } });
  });

  test("a farm of every port answers at each that its backends have", async () => {
    const vip = await freshVip();
    await farms.put(makeFarm({ name: "every", addresses: [vip], ports: [], backends: withPort(both4, null) }));
    for (const port of [80, 443, 8080])
      expect(await lab.connect({ address: vip, port, count: 5 })).toMatchObject({ failed: 0 });
    expect((await lab.connect({ address: vip, port: 9, count: 2 })).errors).toEqual({ ECONNREFUSED: 2 });
  });

  test("a port the farm does not have is not forwarded", async () => {
    const vip = await freshVip();
    await farms.put(makeFarm({ name: "one-port", addresses: [vip], backends: withPort(both4, 80) }));
    const report = await lab.connect({ address: vip, port: 8080, count: 3 });
    expect(report.errors).toEqual({ ECONNREFUSED: 3 });
  });

  test("UDP datagrams are answered from the VIP", async () => {
    const vip = await freshVip();
    const farm = { name: "datagrams", addresses: [vip], protocol: "udp", ports: [53], scheduler: "round-robin" };
    await farms.put(makeFarm({ ...farm, backends: withPort(both4, 53) }));
    const report = await lab.connect({ protocol: "udp", address: vip, port: 53, count: 20 });
    expect(report).toMatchObject({ failed: 0, answered: { "web-1": 10, "web-2": 10 } });
  });

  test("a UDP flow older than its farm reaches the farm", async () => {
    const vip = await freshVip();
    const [flow] = await lab.hold({ protocol: "udp", address: vip, port: 5353, timeoutMs: 300 });
    expect(flow?.backend).toBe(null);
    const farm = { name: "late", addresses: [vip], protocol: "udp", ports: [5353] };
    await farms.put(makeFarm({ ...farm, backends: withPort(both4, 5353) }));
    // the old flow is forgotten just after the change is answered: a datagram in between goes where the first one went
    const again = async () => (await lab.held({ ids: [flow?.id ?? 0], action: "ask", timeoutMs: 200 }))[0]?.backend;
    await expect.poll(again).toMatch(/^web-[12]$/);
  });
});

describe("when nobody serves", () => {
  test("reject answers at once, drop does not answer", async () => {
    const vip = await freshVip();
    const farm = makeFarm({ name: "closed", addresses: [vip], backends: [{ ...both4[0], port: 80, weight: 0 }] });
    await farms.put(farm);
    expect((await lab.connect({ address: vip, port: 80, count: 5 })).errors).toEqual({ ECONNREFUSED: 5 });
    await farms.put({ ...farm, onAllDown: "drop" });
    const dropped = await lab.connect({ address: vip, port: 80, count: 2, concurrency: 2, timeoutMs: 400 });
    expect(dropped.errors).toEqual({ timeout: 2 });
  });

  test("a stopped farm does not serve, and serves again when it is enabled", async () => {
    const vip = await freshVip();
    const farm = makeFarm({ name: "stopped", addresses: [vip], backends: withPort(both4, 80) });
    await farms.put(farm);
    await farms.enable(farm.id, false);
    expect((await lab.connect({ address: vip, port: 80, count: 3 })).failed).toBe(3);
    await farms.enable(farm.id, true);
    expect((await lab.connect({ address: vip, port: 80, count: 3 })).failed).toBe(0);
  });
});
