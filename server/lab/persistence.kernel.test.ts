import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AgentLink } from "../agent-link/agent-link.ts";
import { createAgentLink } from "../agent-link/create-agent-link.ts";
import type { Farm } from "../core/farm/types.ts";
import type { StreamMessage } from "../wire/stream.ts";
import { FarmCalls, makeFarm } from "./farm-calls.ts";
import { awaitRow } from "./live-rows.testing.ts";
import { type OpenLab, openLab } from "./open-lab.ts";

const both4 = [
  { address: "192.168.100.10", port: 80 },
  { address: "192.168.100.11", port: 80 },
];
const both6 = [
  { address: "fd00:51:100::10", port: 80 },
  { address: "fd00:51:100::11", port: 80 },
];
const me = "192.168.0.101";
const other = "192.168.0.102";
let lab: OpenLab;
let farms: FarmCalls;

beforeAll(async () => {
  lab = await openLab({ clients: false, farms: [] });
  farms = new FarmCalls(lab.socket);
  for (let last = 150; last < 160; last++)
    await lab.exec("clients", ["ip", "addr", "add", `192.168.0.${last}/24`, "dev", "eth0"]);
});
afterAll(() => lab.close());

/** Every test has a VIP of its own, so that no test meets another's connections. */
let lastVip = 160;
async function freshVip(): Promise<string> {
  lastVip += 1;
  const vip = `192.168.0.${lastVip}`;
  await lab.exec("balancer", ["ip", "addr", "add", `${vip}/32`, "dev", "front"]);
  return vip;
}

async function stickyFarm(name: string, more: Readonly<Record<string, unknown>> = {}): Promise<Farm> {
  const vip = await freshVip();
  const farm = { name, addresses: [vip], scheduler: "round-robin", persistence: {}, backends: both4, ...more };
  const made = makeFarm(farm);
  await farms.put(made);
  return made;
}

function vipOf(farm: Farm): string {
  return farm.addresses[0] ?? "";
}

/** Who answers `count` connections of one client, each backend once. */
async function answeredBy(farm: Farm, source: string, count = 6, port = 80): Promise<string[]> {
  const address = vipOf(farm);
  const report = await lab.connect({ address, port, count, source });
  expect(report.errors).toEqual({});
  return Object.keys(report.answered);
}

async function onlyAnswer(farm: Farm, source: string): Promise<string> {
  const names = await answeredBy(farm, source);
  expect(names).toHaveLength(1);
  return names[0] ?? "";
}

async function nft(...words: readonly string[]) {
  return lab.exec("balancer", ["nft", ...words]);
}

/** Name of the farm's own map or set, or null. */
async function ownObject(prefix: string): Promise<string | null> {
  const { stdout } = await nft("list", "table", "inet", "sluice");
  return (
    [...stdout.matchAll(new RegExp(`(?:map|set) ((?:d_)?${prefix}_[0-9]+_[46]_[0-9a-f]{4}) `, "g"))].at(-1)?.[1] ?? null
  );
}

describe("a client that comes back", () => {
  test("stays with its backend while others are dealt in turn", async () => {
    const farm = await stickyFarm("stays");
    const mine = await onlyAnswer(farm, me);
    const theirs = await onlyAnswer(farm, other);
    expect(theirs).not.toBe(mine);
    expect(await onlyAnswer(farm, me)).toBe(mine);
  });

  test("is one of twenty that are dealt evenly, and each stays", async () => {
    const farm = await stickyFarm("twenty");
    const clients = Array.from({ length: 20 }, (_, at) => `192.168.0.${at < 10 ? 101 + at : 140 + at}`);
    const first: string[] = [];
    for (const client of clients) first.push(await onlyAnswer(farm, client));
    expect(first.filter((name) => name === "web-1")).toHaveLength(10);
    const again: string[] = [];
    for (const client of clients) again.push(await onlyAnswer(farm, client));
    expect(again).toEqual(first);
  });

  test("meets the same backend at every port of the farm", async () => {
    const backends = both4.map(({ address }) => ({ address, port: null }));
    const farm = await stickyFarm("ports", { ports: [80, 443], backends });
    expect(await answeredBy(farm, me, 6, 443)).toEqual(await answeredBy(farm, me, 6, 80));
  });

  test("stays by its prefix: clients of one /24 share a backend", async () => {
    const farm = await stickyFarm("prefix", { persistence: { prefixV4: 24 } });
    expect(await onlyAnswer(farm, other)).toBe(await onlyAnswer(farm, me));
  });

  test.each([128, 64])("stays over IPv6, remembered by /%i", async (prefixV6) => {
    const vip = `fd00:51::${prefixV6 + 4}`;
    await lab.exec("balancer", ["ip", "addr", "add", `${vip}/128`, "dev", "front", "nodad"]);
    const farm = await stickyFarm(`six-${prefixV6}`, { addresses: [vip], persistence: { prefixV6 }, backends: both6 });
    const mine = await onlyAnswer(farm, "fd00:51::101");
    const theirs = await onlyAnswer(farm, "fd00:51::102");
    expect(theirs === mine).toBe(prefixV6 === 64);
    expect(await onlyAnswer(farm, "fd00:51::101")).toBe(mine);
  });

  test("by destination shares its backend with every client of that address, another address has another", async () => {
    const second = await freshVip();
    const farm = await stickyFarm("by-destination", {
      addresses: [await freshVip(), second],
      persistence: { by: "destination-address" },
    });
    const mine = await onlyAnswer(farm, me);
    expect(await onlyAnswer(farm, other)).toBe(mine);
    const there = await lab.connect({ address: second, port: 80, count: 6 });
    expect(Object.keys(there.answered)).toEqual([mine === "web-1" ? "web-2" : "web-1"]);
  });

  test("is remembered a while longer with every connection, then forgotten", async () => {
    const farm = await stickyFarm("slides", { persistence: { timeoutS: 4, size: 100 } });
    const map = (await ownObject("sticky")) ?? "";
    const leftMs = async () => {
      const { stdout } = await nft("list", "map", "inet", "sluice", map);
      const [, s, ms] = /expires (?:([0-9]+)s)?(?:([0-9]+)ms)?/.exec(stdout) ?? [];
      return Number(s ?? 0) * 1000 + Number(ms ?? 0);
    };
    const mine = await onlyAnswer(farm, me);
    await expect.poll(leftMs, { interval: 100 }).toBeLessThan(2000);
    expect(await answeredBy(farm, me, 1)).toEqual([mine]);
    expect(await leftMs()).toBeGreaterThan(2000);
    await expect.poll(leftMs, { interval: 100 }).toBe(0);
    expect(await onlyAnswer(farm, me)).not.toBe(mine);
  });

  test("is served, if not remembered, when the map is full", async () => {
    const farm = await stickyFarm("full", { persistence: { size: 1 } });
    const mine = await onlyAnswer(farm, me);
    const [first] = await answeredBy(farm, other, 1);
    expect(await answeredBy(farm, other, 1)).not.toEqual([first]);
    expect(await onlyAnswer(farm, me)).toBe(mine);
  });
});

describe("stickiness survives what does not concern the backend", () => {
  test("new weights", async () => {
    const farm = await stickyFarm("weights", { scheduler: "weighted" });
    const mine = await onlyAnswer(farm, me);
    await farms.weights(farm, mine === "web-1" ? [1, 999] : [999, 1]);
    expect(await onlyAnswer(farm, me)).toBe(mine);
    await farms.weights(farm, mine === "web-1" ? [0, 100] : [100, 0]);
    expect(await onlyAnswer(farm, me)).toBe(mine);
  });

  test("another scheduler", async () => {
    const farm = await stickyFarm("scheduler");
    const mine = await onlyAnswer(farm, me);
    await farms.put({ ...farm, scheduler: "maglev" });
    expect(await onlyAnswer(farm, me)).toBe(mine);
  });

  test("a repair after a foreign hand", async () => {
    const farm = await stickyFarm("repair");
    const mine = await onlyAnswer(farm, me);
    await nft("flush", "chain", "inet", "sluice", "dnat4");
    await nft("flush", "chain", "inet", "sluice", "pick");
    const isBack = async () => (await nft("list", "chain", "inet", "sluice", "dnat4")).stdout.includes("@be4");
    await expect.poll(isBack).toBe(true);
    expect(await onlyAnswer(farm, me)).toBe(mine);
  });

  test("drain: its clients stay, new ones go elsewhere", async () => {
    const farm = await stickyFarm("drain");
    const mine = await onlyAnswer(farm, me);
    await farms.state(farm, mine === "web-1" ? 0 : 1, "drain");
    expect(await onlyAnswer(farm, me)).toBe(mine);
    expect(await onlyAnswer(farm, other)).not.toBe(mine);
    expect(await onlyAnswer(farm, "192.168.0.103")).not.toBe(mine);
  });
});

describe("a client moves at its next connection, and stays where it came to", () => {
  const out = async (farm: Farm, mine: string, state: "drain" | "maintenance") => {
    await farms.state(farm, mine === "web-1" ? 0 : 1, state);
    const now = await onlyAnswer(farm, me);
    expect(now).not.toBe(mine);
    await farms.state(farm, mine === "web-1" ? 0 : 1, "active");
    expect(await onlyAnswer(farm, me)).toBe(now);
  };

  test("when its backend goes into maintenance", async () => {
    const farm = await stickyFarm("maintenance");
    await out(farm, await onlyAnswer(farm, me), "maintenance");
  });

  test("when its backend goes down", async () => {
    const healthCheck = { type: "tcp", intervalMs: 200, timeoutMs: 200, rise: 1, fall: 1 };
    const farm = await stickyFarm("down", { healthCheck });
    const mine = await onlyAnswer(farm, me);
    await lab.setBackend(mine, { isListening: false });
    await awaitRow(lab.socket, farm.id, ({ serving }) => serving === 1);
    const now = await onlyAnswer(farm, me);
    await lab.setBackend(mine, { isListening: true });
    expect(now).not.toBe(mine);
    await awaitRow(lab.socket, farm.id, ({ serving }) => serving === 2);
    expect(await onlyAnswer(farm, me)).toBe(now);
  });

  test("when its backend drains and sticky clients shall move", async () => {
    const farm = await stickyFarm("moves", { drainSticky: "move" });
    const mine = await onlyAnswer(farm, me);
    const address = vipOf(farm);
    const held = await lab.hold({ address, port: 80, source: me });
    await out(farm, mine, "drain");
    const still = await lab.held({ ids: held.map(({ id }) => id), action: "ask" });
    expect(still).toMatchObject([{ backend: mine, error: null }]);
  });

  test("when its backend is removed", async () => {
    const farm = await stickyFarm("removed");
    const mine = await onlyAnswer(farm, me);
    await farms.put({ ...farm, backends: farm.backends.filter(({ name }) => name !== mine) });
    expect(await onlyAnswer(farm, me)).not.toBe(mine);
  });

  test("when its backend has another address, but not for another weight", async () => {
    const farm = await stickyFarm("address", { backends: both4.slice(0, 1) });
    expect(await onlyAnswer(farm, me)).toBe("web-1");
    const backends = farm.backends.map((backend) => ({ ...backend, address: "192.168.100.11" }));
    await farms.put({ ...farm, backends });
    expect(await onlyAnswer(farm, me)).toBe("web-2");
  });
});

test("with the last backend drained known clients go on and new ones are refused at once", async () => {
  const farm = await stickyFarm("last");
  const mine = await onlyAnswer(farm, me);
  await farms.state(farm, 0, "drain");
  await farms.state(farm, 1, "drain");
  expect(await onlyAnswer(farm, me)).toBe(mine);
  const address = vipOf(farm);
  const strangers = await lab.connect({ address, port: 80, count: 4, source: other });
  expect(strangers.errors).toEqual({ ECONNREFUSED: 4 });
  await farms.state(farm, 0, "active");
  expect(await onlyAnswer(farm, other)).toBe("web-1");
});

describe("what is remembered can be asked", () => {
  let link: AgentLink;
  beforeAll(() => {
    link = createAgentLink({ socketPath: lab.socket });
  });

  test("of one client: its backend and the time left, or that it is not known", async () => {
    const farm = await stickyFarm("asked");
    const mine = await onlyAnswer(farm, me);
    const backendId = farm.backends.find(({ name }) => name === mine)?.id;
    const answer = await link.stickiness(farm.id, me, vipOf(farm));
    expect(answer).toMatchObject({ ok: true, value: { known: "entry", backendId } });
    const left = answer.ok && answer.value.known === "entry" ? answer.value.expiresInS : 0;
    expect(left > 60 && left <= 120).toBe(true);
    expect(await link.stickiness(farm.id, other, vipOf(farm))).toEqual({ ok: true, value: { known: "none" } });
    expect(await link.stickiness(farm.id, "nobody", vipOf(farm))).toMatchObject({ error: { code: "invalid" } });
  });

  test("by prefix and by destination", async () => {
    const prefix = await stickyFarm("asked-prefix", { persistence: { prefixV4: 24 } });
    await answeredBy(prefix, me, 1);
    expect(await link.stickiness(prefix.id, other, vipOf(prefix))).toMatchObject({ value: { known: "entry" } });
    const second = await freshVip();
    const addresses = [await freshVip(), second];
    const persistence = { by: "destination-address" };
    const byVip = await stickyFarm("asked-destination", { addresses, persistence });
    await answeredBy(byVip, me, 1);
    expect(await link.stickiness(byVip.id, other, vipOf(byVip))).toMatchObject({ value: { known: "entry" } });
    expect(await link.stickiness(byVip.id, me, second)).toEqual({ ok: true, value: { known: "none" } });
  });

  test("of all: how full the maps are, with an event near full, also after the agent came back; who is known stays", async () => {
    const farm = await stickyFarm("filled", { persistence: { size: 10 } });
    const mine = await onlyAnswer(farm, me);
    await onlyAnswer(farm, other);
    for (let last = 150; last < 157; last++) await answeredBy(farm, `192.168.0.${last}`, 1);
    // an agent counts when it starts, and then each half minute
    await lab.process("agent", "crash");
    const rows = async () => {
      const hello = await helloOf(link);
      const row = hello?.farms.find(({ farmId }) => farmId === farm.id);
      const told = hello?.events.find(({ kind, farmId }) => kind === "limit" && farmId === farm.id)?.text ?? null;
      return { own: row?.sticky, isShared: (hello?.balancer.sticky?.used ?? 0) > 0, told };
    };
    const told = expect.stringContaining("of farm filled is 90 % full (9 of 10)");
    const filled = { own: { used: 9, max: 10 }, isShared: true, told };
    await expect.poll(rows, { interval: 500 }).toEqual(filled);
    expect(await onlyAnswer(farm, me)).toBe(mine);
  });
});

/** The first message of the agent's stream; null while the agent does not answer. */
async function helloOf(link: AgentLink): Promise<Extract<StreamMessage, { type: "hello" }> | null> {
  const end = new AbortController();
  const seen: StreamMessage[] = [];
  await link.stream((message) => {
    seen.push(message);
    end.abort();
  }, end.signal);
  const [first] = seen;
  return first?.type === "hello" ? first : null;
}

describe("pinned clients", () => {
  const pins = [
    { client: me, backend: "web-2" },
    { client: "192.168.0.102-192.168.0.104", backend: "web-1" },
  ];

  test("go to their backend, with and without stickiness, whoever is remembered", async () => {
    for (const persistence of [null, {}]) {
      const farm = await stickyFarm(persistence === null ? "pins" : "sticky-pins", { persistence });
      await answeredBy(farm, me, 3);
      await answeredBy(farm, other, 3);
      await farms.put({ ...farm, pins });
      expect(await onlyAnswer(farm, me)).toBe("web-2");
      expect(await onlyAnswer(farm, other)).toBe("web-1");
      expect(await onlyAnswer(farm, "192.168.0.104")).toBe("web-1");
    }
  });

  test("are scheduled like others while their backend serves nobody", async () => {
    const farm = await stickyFarm("fallen-pin", { pins });
    await farms.state(farm, 1, "maintenance");
    expect(await onlyAnswer(farm, me)).toBe("web-1");
    await farms.state(farm, 1, "active");
    expect(await onlyAnswer(farm, me)).toBe("web-2");
  });

  test("of IPv6 go by their prefix", async () => {
    await lab.exec("balancer", ["ip", "addr", "add", "fd00:51::170/128", "dev", "front", "nodad"]);
    const more = { addresses: ["fd00:51::170"], backends: both6, persistence: null };
    const farm = await stickyFarm("pins-six", { ...more, pins: [{ client: "fd00:51::/64", backend: "web-2" }] });
    expect(await onlyAnswer(farm, "fd00:51::105")).toBe("web-2");
  });
});
