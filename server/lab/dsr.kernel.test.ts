import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FarmCalls, makeFarm } from "./farm-calls.ts";
import { awaitRow } from "./live-rows.testing.ts";
import { type OpenLab, openLab } from "./open-lab.ts";
import { clientAddresses } from "./places.ts";

const vip4 = "192.168.0.140";
const vip6 = "fd00:51::140";
const backends4 = [
  { name: "four-1", address: "192.168.100.10", port: null },
  { name: "four-2", address: "192.168.100.11", port: null },
];
const backends6 = [
  { name: "six-1", address: "fd00:51:100::10", port: null },
  { name: "six-2", address: "fd00:51:100::11", port: null },
];
const clients6 = clientAddresses.v6;
let lab: OpenLab;
let farms: FarmCalls;

async function run(namespace: string, ...lines: string[]): Promise<void> {
  for (const line of lines) {
    const { code, stderr } = await lab.exec(namespace, ["sh", "-c", line]);
    if (code !== 0) throw new Error(`${namespace}: ${line}: ${stderr}`);
  }
}

/** A way from each backend to the clients that does not cross the balancer, and the VIPs on the backends' loopbacks. */
async function makeDirectWays(): Promise<void> {
  const clients = `sl-${lab.runId}-clients`;
  for (const [index, name] of ["web-1", "web-2"].entries()) {
    await run(
      "balancer",
      `ip link add direct netns sl-${lab.runId}-${name} type veth peer name direct${index} netns ${clients}`,
    );
    await run(
      name,
      "echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore",
      "echo 2 > /proc/sys/net/ipv4/conf/all/arp_announce",
      "ip link set direct up",
      `ip addr add ${vip4}/32 dev lo`,
      `ip addr add ${vip6}/128 dev lo nodad`,
      "ip route add 192.168.0.96/28 dev direct",
      ...clients6.map((address) => `ip -6 route add ${address}/128 dev direct`),
    );
    await run("clients", `echo 0 > /proc/sys/net/ipv4/conf/direct${index}/rp_filter`, `ip link set direct${index} up`);
    // an IPv6 host answers for an address only where it has it
    const mac = (await lab.exec("clients", ["cat", `/sys/class/net/direct${index}/address`])).stdout.trim();
    await run(name, ...clients6.map((address) => `ip -6 neigh add ${address} lladdr ${mac} dev direct`));
  }
  await run("clients", "echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter");
}

async function carry(vip: string): Promise<void> {
  await run("balancer", `ip addr add ${vip}/${vip.includes(":") ? "128 dev front nodad" : "32 dev front"}`);
}

beforeAll(async () => {
  lab = await openLab({ clients: false, farms: [] });
  farms = new FarmCalls(lab.socket);
  await makeDirectWays();
  await carry(vip4);
  await carry(vip6);
});
afterAll(() => lab.close());

/** The agent learns hardware addresses within a second or two. */
async function isReady(farmId: string): Promise<void> {
  const seen = await awaitRow(lab.socket, farmId, ({ serving, total }) => serving === total);
  expect(seen?.row.backends.map(({ reason }) => reason?.includes("hardware address") ?? false)).toEqual([false, false]);
}

async function tracked(client: string): Promise<string> {
  const family = client.includes(":") ? "ipv6" : "ipv4";
  const list = (end: string) => lab.exec("balancer", ["conntrack", "-L", "-f", family, end, client]);
  return (await list("-s")).stdout + (await list("-d")).stdout;
}

async function sentBack(): Promise<number> {
  const { stdout } = await lab.exec("balancer", ["sh", "-c", "cat /sys/class/net/front/statistics/tx_packets"]);
  return Number(stdout);
}

describe("direct return", () => {
  test.each([
    ["IPv4", vip4, backends4, "192.168.0.105"],
    ["IPv6", vip6, backends6, "fd00:51::105"],
  ])(
    "over %s by round robin: a flow keeps its backend, answers do not cross the balancer",
    async (_, vip, backends, client) => {
      const farm = makeFarm({
        name: "direct",
        addresses: [vip],
        forwarding: "dsr",
        scheduler: "round-robin",
        backends,
      });
      await farms.put(farm);
      await isReady(farm.id);
      const before = await sentBack();
      const report = await lab.connect({ address: vip, port: 80, count: 20, concurrency: 1, source: client });
      expect(report).toMatchObject({ failed: 0, answered: { "web-1": 10, "web-2": 10 }, seenAs: { [client]: 20 } });
      // a connection has at least four packets back; what crosses here is the agent's own and neighbours' questions
      expect((await sentBack()) - before).toBeLessThan(40);
      expect(await tracked(client)).toBe("");
      const held = await lab.hold({ address: vip, port: 80, count: 6 });
      await farms.weights(farm, [0, 100]);
      const again = await lab.held({ ids: held.map(({ id }) => id), action: "ask" });
      expect(again.map(({ backend }) => backend)).toEqual(held.map(({ backend }) => backend));
      expect((await lab.connect({ address: vip, port: 80, count: 10 })).answered).toEqual({ "web-2": 10 });
      await farms.remove(farm.id);
      const tables = (await lab.exec("balancer", ["nft", "list", "tables"])).stdout;
      expect(tables).not.toContain("netdev");
    },
  );

  test("by hash, UDP and a range of ports; packets and bytes are counted, the rest is not tracked", async () => {
    const farm = makeFarm({
      name: "hashed",
      addresses: [vip4],
      protocol: "udp",
      ports: ["5350-5360"],
      forwarding: "dsr",
      scheduler: "source-hash",
      hashFields: ["source-port"],
      backends: backends4,
    });
    await farms.put(farm);
    await isReady(farm.id);
    const counted = awaitRow(lab.socket, farm.id, ({ bytesInPerS }) => (bytesInPerS ?? 0) > 0);
    const report = await lab.connect({ protocol: "udp", address: vip4, port: 5353, durationMs: 3000, ratePerS: 100 });
    expect(report.failed).toBe(0);
    expect(Object.keys(report.answered).sort()).toEqual(["web-1", "web-2"]);
    expect((await counted)?.row).toMatchObject({ newPerS: null, active: null, untracked: "not tracked in this mode" });
    await expect(farms.put({ ...farm, drainDeadlineS: 60 })).rejects.toThrow(
      "A deadline of drains needs tracked connections",
    );
    await farms.state(farm, 0, "drain");
    const draining = await awaitRow(lab.socket, farm.id, ({ backends }) => backends[0]?.drain !== undefined);
    const unknown = { left: null, perS: null, endsAtMs: null, deadlineMs: null };
    expect(draining?.row.backends[0]?.drain, "what is left is not known, never 0").toMatchObject(unknown);
    await expect(farms.cut(farm, 0)).rejects.toThrow("tracks no connections");
    await farms.remove(farm.id);
  });

  test("a backend without a hardware address takes nothing and says why", async () => {
    const far = { name: "far", address: "10.200.0.9", port: null };
    const farm = makeFarm({ name: "far", addresses: [vip4], forwarding: "dsr", backends: [...backends4, far] });
    await farms.put(farm);
    const seen = await awaitRow(lab.socket, farm.id, ({ serving }) => serving === 2);
    expect(seen?.row.backends[2]?.reason).toContain("no hardware address is known for 10.200.0.9");
    expect(await lab.connect({ address: vip4, port: 80, count: 20 })).toMatchObject({ failed: 0 });
    await farms.remove(farm.id);
  });

  test("with nobody left new clients are refused; rules taken away by a foreign hand come back", async () => {
    const farm = makeFarm({ name: "closes", addresses: [vip4], forwarding: "dsr", backends: backends4 });
    await farms.put(farm);
    await isReady(farm.id);
    await lab.exec("balancer", ["nft", "delete", "table", "netdev", "sluice"]);
    const answered = async () => (await lab.connect({ address: vip4, port: 80, count: 2, timeoutMs: 500 })).failed;
    await expect.poll(answered).toBe(0);
    await farms.weights(farm, [0, 0]);
    expect((await lab.connect({ address: vip4, port: 80, count: 3 })).errors).toEqual({ ECONNREFUSED: 3 });
    await farms.remove(farm.id);
  });

  test("a hardware address that changes is learned anew, and an agent that starts again disturbs no flow", async () => {
    const farm = makeFarm({ name: "moves", addresses: [vip4], forwarding: "dsr", backends: backends4 });
    await farms.put(farm);
    await isReady(farm.id);
    await run("web-2", "ip link set eth0 address 02:51:00:00:00:77");
    // as after the kernel's own time: the next datagram asks again
    await run("balancer", "ip neigh flush dev back2");
    const rules = async () => (await lab.exec("balancer", ["nft", "list", "table", "netdev", "sluice"])).stdout;
    await expect.poll(rules).toContain("02:51:00:00:00:77");
    const report = await lab.connect({ address: vip4, port: 80, count: 20 });
    expect(report).toMatchObject({ failed: 0, answered: { "web-1": 10, "web-2": 10 } });
    const held = await lab.hold({ address: vip4, port: 80, count: 6 });
    await lab.process("agent", "crash");
    const serving = async () => (await awaitRow(lab.socket, farm.id, (row) => row.serving === 2))?.row.serving;
    await expect.poll(serving).toBe(2);
    const again = await lab.held({ ids: held.map(({ id }) => id), action: "ask" });
    expect(again.map(({ backend }) => backend)).toEqual(held.map(({ backend }) => backend));
    await farms.remove(farm.id);
  });
});
