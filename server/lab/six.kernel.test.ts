/** What other tests show with IPv4, shown with IPv6: limits, refusals, stickiness, cuts and what is kept through a flush. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Farm } from "../core/farm/types.ts";
import { FarmCalls, makeFarm } from "./farm-calls.ts";
import { awaitRow } from "./live-rows.testing.ts";
import type { Held } from "./messages.ts";
import { type OpenLab, openLab } from "./open-lab.ts";

const one = { address: "fd00:51:100::10", port: 80 };
const two = { address: "fd00:51:100::11", port: 80 };
const three = { address: "fd00:51:100::12", port: 80 };
const me = "fd00:51::101";
const other = "fd00:51::102";
let lab: OpenLab;
let farms: FarmCalls;

beforeAll(async () => {
  lab = await openLab({ clients: false, farms: [], backends: 3 });
  farms = new FarmCalls(lab.socket);
});
afterAll(() => lab.close());

/** Every test has a VIP of its own, so that no test meets another's connections. */
let last = 0x200;
async function freshVip(): Promise<string> {
  last += 1;
  const vip = `fd00:51::${last.toString(16)}`;
  await lab.exec("balancer", ["ip", "addr", "add", `${vip}/128`, "dev", "front", "nodad"]);
  return vip;
}

async function served(name: string, more: Readonly<Record<string, unknown>> = {}): Promise<Farm> {
  const farm = { name, addresses: [await freshVip()], scheduler: "round-robin", backends: [one, two], ...more };
  const made = makeFarm(farm);
  await farms.put(made);
  return made;
}

function vipOf({ addresses }: Farm): string {
  return addresses[0] ?? "";
}

async function answers(farm: Farm, more: object = {}) {
  const { answered, errors } = await lab.connect({ address: vipOf(farm), port: 80, count: 6, ...more });
  return { answered, errors };
}

async function onlyAnswer(farm: Farm, source: string): Promise<string> {
  const { answered, errors } = await answers(farm, { source });
  expect([Object.keys(answered).length, errors]).toEqual([1, {}]);
  return Object.keys(answered)[0] ?? "";
}

async function hold(farm: Farm, count: number, source: string | null = null): Promise<Held[]> {
  return lab.hold({ address: vipOf(farm), port: 80, count, source });
}

function byBackend(held: readonly Held[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { backend, error } of held) counts[backend ?? error ?? ""] = (counts[backend ?? error ?? ""] ?? 0) + 1;
  return counts;
}

describe("limits", () => {
  test("of a backend let what is beyond go to the others", async () => {
    const farm = await served("overflow", { backends: [{ ...one, maxConnections: 2 }, two] });
    expect(byBackend(await hold(farm, 8))).toEqual({ "web-1": 2, "web-2": 6 });
  });

  test("of one client refuse what is beyond and touch no other client", async () => {
    const farm = await served("held", { policy: { connectionsPerSource: 3 } });
    const held = await hold(farm, 5, me);
    expect(held.map(({ error }) => error)).toEqual([null, null, null, "ECONNREFUSED", "ECONNREFUSED"]);
    expect((await answers(farm, { source: other, count: 3 })).errors).toEqual({});
  });

  test("of new connections count each client by its whole address", async () => {
    const farm = await served("rate", { policy: { newPerSecondPerSource: 5 } });
    const all = { source: me, count: 40, concurrency: 40, timeoutMs: 800 };
    expect((await answers(farm, all)).errors.timeout).toBeGreaterThan(10);
    expect((await answers(farm, { source: other, count: 5 })).errors).toEqual({});
  });

  test("broken flags are dropped", async () => {
    const farm = await served("flags", { policy: { dropInvalid: true } });
    expect((await answers(farm)).errors).toEqual({});
    const hook = "type filter hook postrouting priority 300";
    const rule = `ip6 daddr ${vipOf(farm)} tcp flags & (syn|ack) == syn tcp flags set (fin|syn)`;
    const script = `table inet test {\nchain watch {\n${hook}\n${rule}\n}\n}\n`;
    expect((await lab.exec("clients", ["nft", "-f", "-"], script)).code).toBe(0);
    const broken = await answers(farm, { count: 3, timeoutMs: 500 });
    await lab.exec("clients", ["nft", "delete", "table", "inet", "test"]);
    expect(broken).toEqual({ answered: {}, errors: { timeout: 3 } });
  });
});

describe("when nobody serves", () => {
  test("reject answers at once, the balancer itself too; drop does not; a sorry server stands in", async () => {
    const farm = await served("closed");
    await farms.weights(farm, [0, 0]);
    expect((await answers(farm)).errors).toEqual({ ECONNREFUSED: 6 });
    expect((await answers(farm, { from: "balancer" })).errors).toEqual({ ECONNREFUSED: 6 });
    const nobody = { ...farm, backends: farm.backends.map((backend) => ({ ...backend, weight: 0 })) };
    await farms.put({ ...nobody, onAllDown: "drop" });
    expect((await answers(farm, { count: 2, concurrency: 2, timeoutMs: 400 })).errors).toEqual({ timeout: 2 });
    await farms.put({ ...nobody, sorryServer: three });
    expect(await answers(farm)).toEqual({ answered: { "web-3": 6 }, errors: {} });
  });
});

test("a backend that calls its own farm is answered, by itself too (hairpin)", async () => {
  const farm = await served("hairpin");
  expect(await answers(farm, { from: "web-1" })).toEqual({ answered: { "web-1": 3, "web-2": 3 }, errors: {} });
});

describe("a client that comes back", () => {
  const persistence = { prefixV6: 128 };

  test("stays through drain and new weights, and moves once when its backend is in maintenance", async () => {
    const farm = await served("sticky", { persistence });
    const mine = await onlyAnswer(farm, me);
    const at = mine === "web-1" ? 0 : 1;
    await farms.weights(farm, at === 0 ? [1, 999] : [999, 1]);
    await farms.state(farm, at, "drain");
    expect(await onlyAnswer(farm, me)).toBe(mine);
    expect(await onlyAnswer(farm, other)).not.toBe(mine);
    await farms.state(farm, at, "maintenance");
    const now = await onlyAnswer(farm, me);
    expect(now).not.toBe(mine);
    await farms.state(farm, at, "active");
    expect(await onlyAnswer(farm, me)).toBe(now);
  });

  test("moves when its backend goes down", async () => {
    const healthCheck = { type: "tcp", intervalMs: 200, timeoutMs: 200, rise: 1, fall: 1 };
    const farm = await served("down", { persistence, healthCheck });
    const mine = await onlyAnswer(farm, me);
    await lab.setBackend(mine, { isListening: false });
    await awaitRow(lab.socket, farm.id, ({ serving }) => serving === 1);
    const now = await onlyAnswer(farm, me);
    await lab.setBackend(mine, { isListening: true });
    expect(now).not.toBe(mine);
  });

  test("shares its backend with every client of that address, where destinations are remembered", async () => {
    const addresses = [await freshVip(), await freshVip()];
    const farm = await served("by-destination", {
      addresses,
      persistence: { by: "destination-address", ...persistence },
    });
    const mine = await onlyAnswer(farm, me);
    expect(await onlyAnswer(farm, other)).toBe(mine);
    expect(await onlyAnswer({ ...farm, addresses: addresses.slice(1) }, me)).not.toBe(mine);
  });
});

describe("open connections", () => {
  test("end at both ends when they are cut, those of the other backend go on", async () => {
    const farm = await served("cut");
    const held = await hold(farm, 4);
    const idsOf = (name: string) => held.filter(({ backend }) => backend === name).map(({ id }) => id);
    await lab.held({ ids: idsOf("web-1"), action: "stream" });
    await farms.state(farm, 0, "maintenance");
    await farms.cut(farm, 0);
    const ended = await lab.held({ ids: idsOf("web-1"), action: "await-end", timeoutMs: 5000 });
    expect(ended.map(({ isOpen, error }) => [isOpen, error])).toEqual(Array(2).fill([false, "ECONNRESET"]));
    const kept = await lab.held({ ids: idsOf("web-2"), action: "ask" });
    expect(kept.map(({ error }) => error)).toEqual([null, null]);
  });

  test("outlive a flush of all rules by somebody else, also while nobody puts them back", async () => {
    const farm = await served("flushed");
    const held = await hold(farm, 6);
    const { pid } = (await lab.status()).processes.find(({ name }) => name === "agent") ?? {};
    if (typeof pid !== "number") throw new Error("no agent");
    process.kill(pid, "SIGSTOP");
    try {
      await lab.exec("balancer", ["nft", "flush", "ruleset"]);
      const still = await lab.held({ ids: held.map(({ id }) => id), action: "ask" });
      expect(byBackend(still)).toEqual({ "web-1": 3, "web-2": 3 });
    } finally {
      process.kill(pid, "SIGCONT");
    }
    const tables = async () => (await lab.exec("balancer", ["nft", "list", "tables", "inet"])).stdout;
    await expect.poll(tables).toMatch(/^table inet sluice$/m);
    expect((await answers(farm)).answered).toEqual({ "web-1": 3, "web-2": 3 });
  });

  test("of UDP are forgotten with the backend that leaves, so that their next datagram reaches another", async () => {
    const backends = [one, two].map((backend) => ({ ...backend, port: 53 }));
    const farm = await served("flows", { protocol: "udp", ports: [53], backends });
    const flows = await lab.hold({ protocol: "udp", address: vipOf(farm), port: 53, count: 4 });
    expect(byBackend(flows)).toEqual({ "web-1": 2, "web-2": 2 });
    await farms.put({ ...farm, backends: farm.backends.slice(1) });
    const ask = async (id: number) => (await lab.held({ ids: [id], action: "ask", timeoutMs: 200 }))[0]?.backend;
    for (const { id } of flows) await expect.poll(() => ask(id)).toBe("web-2");
  });
});
