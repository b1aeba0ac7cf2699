import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FarmCalls, makeFarm } from "./farm-calls.ts";
import { awaitRow } from "./live-rows.testing.ts";
import { type OpenLab, openLab } from "./open-lab.ts";

const both4 = ["192.168.100.10", "192.168.100.11"];
const both6 = ["fd00:51:100::10", "fd00:51:100::11"];
let lab: OpenLab;
let farms: FarmCalls;

beforeAll(async () => {
  lab = await openLab({ clients: false, farms: [] });
  farms = new FarmCalls(lab.socket);
});
afterAll(() => lab.close());

/** Where answers come from may serve one such farm only: each test takes its farm away again. */
async function withFarm(farm: Readonly<Record<string, unknown>> & { backends: object[] }, check: () => Promise<void>) {
  const made = makeFarm({ forwarding: "stateless", ...farm });
  await farms.put(made);
  await check();
  await farms.remove(made.id);
}

async function carry(vip: string): Promise<void> {
  const words = vip.includes(":") ? [`${vip}/128`, "dev", "front", "nodad"] : [`${vip}/32`, "dev", "front"];
  await lab.exec("balancer", ["ip", "addr", "add", ...words]);
}

function at(addresses: readonly string[], port: number | null): object[] {
  return addresses.map((address, index) => ({
    name: `${address.includes(":") ? "six" : "four"}-${index}`,
    address,
    port,
  }));
}

/** Tracked connections from a client's address or to it. */
async function tracked(client: string): Promise<string> {
  const family = client.includes(":") ? "ipv6" : "ipv4";
  const list = (end: string) => lab.exec("balancer", ["conntrack", "-L", "-f", family, end, client]);
  return (await list("-s")).stdout + (await list("-d")).stdout;
}

function sum(answered: Readonly<Record<string, number>>): number {
  return Object.values(answered).reduce((a, b) => a + b, 0);
}

describe("TCP by hash", () => {
  test.each([
    ["IPv4", "192.168.0.120", both4, "192.168.0.105"],
    ["IPv6", "fd00:51::120", both6, "fd00:51::105"],
  ])(
    "over %s: both backends serve, the client's address is seen, nothing is tracked",
    async (_, vip, backends, client) => {
      await carry(vip);
      const hashFields = ["source-address", "source-port"];
      const farm = {
        name: "hashed",
        addresses: [vip],
        scheduler: "source-hash",
        hashFields,
        backends: at(backends, 8080),
      };
      await withFarm(farm, async () => {
        const report = await lab.connect({ address: vip, port: 80, count: 60, source: client });
        expect(report).toMatchObject({ failed: 0, seenAs: { [client]: 60 } });
        expect(report.answered["web-1"]).toBeGreaterThan(10);
        expect(report.answered["web-2"]).toBeGreaterThan(10);
        expect(await tracked(client)).toBe("");
      });
    },
  );

  test.each(["source-hash", "maglev", "symmetric-hash"])(
    "%s keeps every packet of a connection together",
    async (scheduler) => {
      const vip = "192.168.0.121";
      await carry(vip);
      await withFarm({ name: "kept", addresses: [vip], scheduler, backends: at(both4, 80) }, async () => {
        const held = await lab.hold({ address: vip, port: 80, count: 20 });
        for (let round = 0; round < 3; round++) {
          const again = await lab.held({ ids: held.map(({ id }) => id), action: "ask" });
          expect(again.map(({ backend }) => backend)).toEqual(held.map(({ backend }) => backend));
        }
        await lab.held({ ids: held.map(({ id }) => id), action: "release" });
      });
    },
  );

  test("a VIP that is only routed to the balancer serves too, at a list of ports that are kept", async () => {
    const farm = { name: "routed", addresses: ["10.51.0.1"], ports: [80, "8078-8080"], scheduler: "maglev" };
    await withFarm({ ...farm, backends: at(both4, null) }, async () => {
      for (const port of [80, 8080])
        expect(await lab.connect({ address: "10.51.0.1", port, count: 10 })).toMatchObject({ failed: 0 });
    });
  });

  test("the balancer reaches the same backends by their own addresses", async () => {
    await withFarm(
      { name: "beside", addresses: ["10.51.0.2"], scheduler: "maglev", backends: at(both4, 80) },
      async () => {
        expect(await lab.connect({ address: "10.51.0.2", port: 80, count: 10 })).toMatchObject({ failed: 0 });
        const direct = await lab.connect({ from: "balancer", address: "192.168.100.10", port: 80, count: 10 });
        expect(direct).toMatchObject({ failed: 0, answered: { "web-1": 10 } });
      },
    );
  });

  test("with no backend, reject answers at once and drop does not", async () => {
    const vip = "192.168.0.122";
    await carry(vip);
    const farm = makeFarm({
      name: "closed",
      addresses: [vip],
      forwarding: "stateless",
      scheduler: "maglev",
      backends: [{ address: "192.168.100.10", port: 80, weight: 0 }],
    });
    await farms.put(farm);
    expect((await lab.connect({ address: vip, port: 80, count: 5 })).errors).toEqual({ ECONNREFUSED: 5 });
    await farms.put({ ...farm, onAllDown: "drop" });
    const dropped = await lab.connect({ address: vip, port: 80, count: 2, concurrency: 2, timeoutMs: 400 });
    expect(dropped.errors).toEqual({ timeout: 2 });
    await farms.remove(farm.id);
  });
});

describe("UDP", () => {
  test.each([
    ["IPv4", "192.168.0.123", both4],
    ["IPv6", "fd00:51::123", both6],
  ])(
    "over %s by any scheduler: each datagram is scheduled by itself and answered from the VIP",
    async (_, vip, backends) => {
      await carry(vip);
      const farm = { name: "datagrams", addresses: [vip], protocol: "udp", ports: [53], scheduler: "round-robin" };
      await withFarm({ ...farm, backends: at(backends, 5353) }, async () => {
        const report = await lab.connect({ protocol: "udp", address: vip, port: 53, count: 20, concurrency: 1 });
        expect(report).toMatchObject({ failed: 0, answered: { "web-1": 10, "web-2": 10 } });
        const [flow] = await lab.hold({ protocol: "udp", address: vip, port: 53 });
        const ask = async () => (await lab.held({ ids: [flow?.id ?? 0], action: "ask" }))[0]?.backend;
        expect(new Set([await ask(), await ask()])).toEqual(new Set(["web-1", "web-2"]));
      });
    },
  );

  test("weights are met exactly by datagrams, and a hash keeps a client", async () => {
    const vip = "192.168.0.124";
    await carry(vip);
    const backends = [
      { ...at(both4, null)[0], weight: 3 },
      { ...at(both4, null)[1], weight: 1 },
    ];
    const farm = { name: "weighted", addresses: [vip], protocol: "udp", ports: [53, 5353] };
    await withFarm({ ...farm, backends }, async () => {
      const report = await lab.connect({ protocol: "udp", address: vip, port: 53, count: 40, concurrency: 1 });
      expect(report).toMatchObject({ failed: 0, answered: { "web-1": 30, "web-2": 10 } });
    });
    await withFarm({ ...farm, scheduler: "source-hash", backends }, async () => {
      const report = await lab.connect({
        protocol: "udp",
        address: vip,
        port: 5353,
        count: 20,
        source: "192.168.0.103",
      });
      expect(report.failed).toBe(0);
      expect(Object.keys(report.answered)).toHaveLength(1);
    });
  });
});

describe("changes", () => {
  test("of the way of forwarding and of weights take effect at once, and the hooks go with the last farm", async () => {
    const vip = "192.168.0.125";
    await carry(vip);
    const farm = makeFarm({
      name: "turns",
      addresses: [vip],
      scheduler: "source-hash",
      hashFields: ["source-port"],
      backends: at(both4, 80),
    });
    await farms.put(farm);
    for (const forwarding of ["stateless", "dnat", "stateless", "snat", "stateless"] as const) {
      await farms.put({ ...farm, forwarding });
      const report = await lab.connect({ address: vip, port: 80, count: 20 });
      expect([report.failed, sum(report.answered)]).toEqual([0, 20]);
    }
    await farms.weights(farm, [0, 100]);
    expect((await lab.connect({ address: vip, port: 80, count: 20 })).answered).toEqual({ "web-2": 20 });
    const chains = async () => (await lab.exec("balancer", ["nft", "list", "chains"])).stdout;
    expect(await chains()).toContain("raw_prerouting");
    await farms.enable(farm.id, false);
    expect(await chains()).not.toContain("raw_prerouting");
    expect((await lab.connect({ address: vip, port: 80, count: 3 })).failed).toBe(3);
    await farms.remove(farm.id);
  });
});

describe("what is known of it", () => {
  test.each([
    ["IPv4", "192.168.0.126", both4],
    ["IPv6", "fd00:51::126", both6],
  ])(
    "over %s: packets and bytes both ways by backend; connections are not tracked, never 0",
    async (_, vip, backends) => {
      await carry(vip);
      const farm = makeFarm({
        name: "counted",
        addresses: [vip],
        protocol: "udp",
        ports: [5353],
        forwarding: "stateless",
        scheduler: "round-robin",
        backends: at(backends, null),
      });
      await farms.put(farm);
      // the second in which the sending began has only a part of it
      const isCounted = awaitRow(lab.socket, farm.id, ({ backends }) =>
        backends.every(({ packetsInPerS, packetsOutPerS }) => (packetsInPerS ?? 0) > 5 && (packetsOutPerS ?? 0) > 5),
      );
      const sending = lab.connect({ protocol: "udp", address: vip, port: 5353, durationMs: 3000, ratePerS: 100 });
      const seen = await isCounted;
      await sending;
      const untracked = "not tracked in this mode";
      expect(seen?.row).toMatchObject({ newPerS: null, active: null, untracked });
      for (const row of seen?.row.backends ?? []) {
        expect(row).toMatchObject({ newPerS: null, active: null, observed: null, untracked });
        expect(row.packetsInPerS).toBeGreaterThan(5);
        expect(row.packetsOutPerS).toBeGreaterThan(5);
        expect(row.bytesInPerS).toBeGreaterThan(100);
      }
      expect(seen?.balancer.active).not.toBeNull();
      await expect(farms.put({ ...farm, drainDeadlineS: 60 })).rejects.toThrow(
        "A deadline of drains needs tracked connections",
      );
      await farms.state(farm, 0, "drain");
      const draining = await awaitRow(lab.socket, farm.id, ({ backends }) => backends[0]?.drain !== undefined);
      const unknown = { left: null, perS: null, endsAtMs: null, deadlineMs: null };
      expect(draining?.row.backends[0]?.drain, "what is left is not known, never 0").toMatchObject(unknown);
      await expect(farms.cut(farm, 0)).rejects.toThrow("tracks no connections");
      await farms.remove(farm.id);
    },
  );
});
