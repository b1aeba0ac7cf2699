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

  test("a backend that calls its own farm is answered, by itself too (hairpin)", async () => {
    const vip = await freshVip();
    const backends = withPort(both4, 80);
    await farms.put(makeFarm({ name: "hairpin", addresses: [vip], scheduler: "round-robin", backends }));
    const report = await lab.connect({ from: "web-1", address: vip, port: 80, count: 20 });
    expect(report).toMatchObject({ failed: 0, answered: { "web-1": 10, "web-2": 10 } });
  });

  test("the balancer itself reaches its farms", async () => {
    const vip = await freshVip();
    await farms.put(makeFarm({ name: "own-way", addresses: [vip], backends: withPort(both4, 80) }));
    const report = await lab.connect({ from: "balancer", address: vip, port: 80, count: 10 });
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
    await expect.poll(again, { timeout: 3000 }).toMatch(/^web-[12]$/);
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
