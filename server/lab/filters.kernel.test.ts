import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { createAgentLink } from "../agent-link/create-agent-link.ts";
import type { FarmLive } from "../core/metrics/live.ts";
import { type TurnReason, turnReasons } from "../core/ruleset/turned.ts";
import { callAgent } from "./agent-farms.ts";
import { FarmCalls, makeFarm } from "./farm-calls.ts";
import type { ConnectReport } from "./messages.ts";
import { type OpenLab, openLab } from "./open-lab.ts";
import { traced } from "./trace.testing.ts";

const one = "192.168.0.101";
const other = "192.168.0.102";
const both = [
  { name: "four", address: "192.168.100.10", port: 80 },
  { name: "six", address: "fd00:51:100::10", port: 80 },
];
let lab: OpenLab;
let farms: FarmCalls;

beforeAll(async () => {
  lab = await openLab({ clients: false, farms: [] });
  farms = new FarmCalls(lab.socket);
});
afterAll(() => lab.close());

/** Every test has VIPs of its own, one of each family, so that no test meets another's connections. */
let last = 60;
async function freshVips(): Promise<{ v4: string; v6: string }> {
  last += 1;
  const vips = { v4: `192.168.0.${last}`, v6: `fd00:51::${last}` };
  await lab.exec("balancer", ["ip", "addr", "add", `${vips.v4}/32`, "dev", "front"]);
  await lab.exec("balancer", ["ip", "addr", "add", `${vips.v6}/128`, "dev", "front", "nodad"]);
  return vips;
}

async function farmWith(policy: object, more: object = {}) {
  const { v4, v6 } = await freshVips();
  const farm = makeFarm({ name: `farm-${last}`, addresses: [v4, v6], backends: both, policy, ...more });
  await farms.put(farm);
  return { farm, v4, v6 };
}

/** One question each, all at once; who gets no answer gives up before the first packet is sent again, a second later. */
function ask(address: string, source: string, count: number, more: object = {}): Promise<ConnectReport> {
  return lab.connect({ address, port: 80, source, count, concurrency: count, timeoutMs: 500, ...more });
}

/** Who must be answered may be kept waiting by a busy machine. */
function served(address: string, source: string, count: number): Promise<ConnectReport> {
  return ask(address, source, count, { timeoutMs: 8000 });
}

const answers = ({ answered }: ConnectReport) => Object.values(answered).reduce((sum, count) => sum + count, 0);

/** Keys from here on count what named lists turn away. */
const listed = 8_000_000;

/** What a limit of so many a second lets pass while these questions were asked. */
const most = (perS: number, reports: readonly ConnectReport[]) =>
  perS + 1 + (perS * Math.max(...reports.map(({ durationMs }) => durationMs))) / 1000;

/** Packets turned away so far, all farms together. */
async function turned(reason: TurnReason): Promise<number> {
  const { stdout } = await lab.exec("balancer", ["nft", "list", "set", "inet", "sluice", "turned"]);
  return Array.from(stdout.matchAll(/0x51([0-9a-f]{6}) counter packets ([0-9]+)/g))
    .filter(([, key = ""]) => Number.parseInt(key, 16) < listed)
    .filter(([, key = ""]) => turnReasons[Number.parseInt(key, 16) % 8] === reason)
    .reduce((sum, match) => sum + Number(match[2]), 0);
}

/** Connections that backends were given so far, all farms together. */
async function given(): Promise<number> {
  const maps = await Promise.all(
    ["be4", "be6"].map((map) => lab.exec("balancer", ["nft", "list", "map", "inet", "sluice", map])),
  );
  return maps
    .flatMap(({ stdout }) => Array.from(stdout.matchAll(/packets ([0-9]+)/g)))
    .reduce((sum, match) => sum + Number(match[1]), 0);
}

/** A table of the test's own, with one chain of these rules at the hook; gone when the check is done. */
async function withRules(namespace: string, hook: string, rules: readonly string[], check: () => Promise<void>) {
  const chain = [`type filter hook ${hook}`, ...rules].join("\n");
  const loaded = await lab.exec(namespace, ["nft", "-f", "-"], `table inet test {\nchain watch {\n${chain}\n}\n}\n`);
  expect(loaded).toMatchObject({ code: 0 });
  try {
    await check();
  } finally {
    await lab.exec(namespace, ["nft", "delete", "table", "inet", "test"]);
  }
}

/** What the counters of the test's own rules say, in the order of the rules. */
async function counted(namespace: string): Promise<number[]> {
  const { stdout } = await lab.exec(namespace, ["nft", "list", "table", "inet", "test"]);
  return Array.from(stdout.matchAll(/packets ([0-9]+)/g), (match) => Number(match[1]));
}

describe("who may connect", () => {
  test("a denied client is not answered, others are, and no backend counts it", async () => {
    const { v4, v6 } = await farmWith({ deny: [one, "fd00:51::100-fd00:51::101"] });
    const before = { denied: await turned("denied"), given: await given() };
    expect((await ask(v4, one, 5)).errors).toEqual({ timeout: 5 });
    expect((await ask(v6, "fd00:51::101", 5)).errors).toEqual({ timeout: 5 });
    expect((await turned("denied")) - before.denied).toBe(10);
    expect((await given()) - before.given).toBe(0);
    expect((await served(v4, other, 5)).failed).toBe(0);
    expect((await served(v6, "fd00:51::102", 5)).failed).toBe(0);
    expect((await given()) - before.given).toBe(10);
  });

  test("only those on the allow list are answered, and of a family without entry nobody", async () => {
    const { v4, v6 } = await farmWith({ allow: ["192.168.0.96/29"] });
    const before = await turned("not-allowed");
    expect((await served(v4, one, 5)).failed).toBe(0);
    expect((await ask(v4, "192.168.0.105", 3)).errors).toEqual({ timeout: 3 });
    expect((await ask(v6, "fd00:51::101", 3)).errors).toEqual({ timeout: 3 });
    expect((await turned("not-allowed")) - before).toBe(6);
  });

  test("a list that changes holds from the next packet on, for open connections too", async () => {
    const { farm, v4 } = await farmWith({ deny: ["10.0.0.0/8"] });
    const held = await lab.hold({ address: v4, port: 80, source: one });
    const ids = held.map(({ id }) => id);
    expect(held).toMatchObject([{ backend: "web-1", isOpen: true }]);
    await farms.put({ ...farm, policy: { ...farm.policy, deny: ["10.0.0.0/9", "192.168.0.101"] } });
    expect(await lab.held({ ids, action: "ask", timeoutMs: 400 })).toMatchObject([{ error: "timeout" }]);
    await farms.put({ ...farm, policy: { ...farm.policy, deny: ["10.0.0.0/8", "192.168.0.102"] } });
    expect((await served(v4, one, 3)).failed).toBe(0);
    expect((await ask(v4, other, 3)).failed).toBe(3);
    await lab.held({ ids, action: "release" });
  });

  test("the balancer itself is filtered like any client", async () => {
    const { v4 } = await farmWith({ deny: ["192.168.0.0/24"] });
    const before = await turned("denied");
    expect((await lab.connect({ from: "balancer", address: v4, port: 80, count: 1, timeoutMs: 500 })).failed).toBe(1);
    expect((await turned("denied")) - before).toBeGreaterThanOrEqual(1);
  });
});

describe("named lists", () => {
  const list = (name: string, networks: string[]) => ({ id: crypto.randomUUID(), name, networks, notes: "" });
  const rules = async () => (await lab.exec("balancer", ["nft", "list", "ruleset"])).stdout;
  const denials = (row: FarmLive) => row.turnedAway.map(({ reason, list: of, packets }) => [reason, of, packets]);

  test("hold for every farm that refers to them, and change for all of them in one transaction of elements", async () => {
    const office = list("office", [one, "fd00:51::101"]);
    await farms.putList(office);
    expect(await rules()).not.toContain("set list_");
    const denying = await farmWith({ deny: ["@office", "192.168.0.109"] });
    const allowing = await farmWith({ allow: ["@office", "192.168.0.104"] });
    expect((await rules()).match(/set list_/g)).toHaveLength(2);
    const seen = async () => {
      const asked = [denying.v4, denying.v6, allowing.v4, allowing.v6].flatMap((vip) =>
        (vip.includes(":") ? ["fd00:51::101", "fd00:51::102"] : [one, other]).map((source) => ask(vip, source, 3)),
      );
      return (await Promise.all(asked)).map(({ failed }) => failed);
    };
    expect(await seen()).toEqual([3, 0, 3, 0, 0, 3, 0, 3]);
    expect((await served(allowing.v4, "192.168.0.104", 3)).failed).toBe(0);
    const chains = async () => (await rules()).replace(/ (counter )?packets [0-9]+ bytes [0-9]+| expires \w+/g, "");
    const before = (await chains()).match(/chain guard_[^}]*}/g);
    // adjoining and overlapping what was there, in one step
    const edited = { ...office, networks: ["192.168.0.102/31", "fd00:51::102-fd00:51::103"] };
    const { statements, n } = await farms.putList(edited);
    expect(statements).toBe(4);
    expect(await seen()).toEqual([0, 3, 0, 3, 3, 0, 3, 0]);
    expect((await chains()).match(/chain guard_[^}]*}/g)).toEqual(before);
    expect((await farms.putList({ ...edited, networks: ["192.168.0.0/24"] })).n).toBe(n + 1);
    expect(await seen()).toEqual([3, 3, 0, 0, 0, 0, 3, 3]);
    await farms.putList(edited);

    const row = await rowWhere(denying.farm.id, (each) =>
      denials(each).some(([, of, packets]) => of === "office" && packets === 18),
    );
    expect(denials(row)).toEqual([
      ["denied", undefined, 0],
      ["denied", "office", 18],
    ]);
  });

  test("in use can neither go nor be renamed; the last farm takes the set with it, and its number does not come back", async () => {
    const guests = list("guests", [one]);
    await farms.putList(guests);
    const { farm, v4 } = await farmWith({ deny: ["@guests"] });
    const set = /set (list_[0-9]+)_4_\w+ \{[^}]*elements = \{ 192.168.0.101 \}/;
    const number = set.exec(await rules())?.[1];
    await expect(farms.removeList(guests.id)).rejects.toThrow(`List guests is in use: farm ${farm.name}`);
    await expect(farms.putList({ ...guests, name: "visitors" })).rejects.toThrow("is in use");
    expect((await ask(v4, one, 2)).failed).toBe(2);
    const { body } = await callAgent(lab.socket, "GET", `/v1/farms/${farm.id}/ruleset`);
    expect(z.object({ text: z.string() }).parse(body).text).toMatch(set);
    await farms.put({ ...farm, policy: { ...farm.policy, deny: [] } });
    expect(await rules()).not.toContain(`set ${number}_`);
    expect((await served(v4, one, 2)).failed).toBe(0);
    await farms.removeList(guests.id);
    await farms.putList({ ...guests, id: crypto.randomUUID() });
    await farms.put(farm);
    expect(set.exec(await rules())?.[1]).not.toBe(number);
    expect((await ask(v4, one, 2)).failed).toBe(2);
  });

  test("are put right like everything of ours: an element by a foreign hand is found, named and healed", async () => {
    const partners = list("partners", ["10.77.0.0/16"]);
    await farms.putList(partners);
    await farmWith({ deny: ["@partners"] });
    const name = /set (list_\w+_4_\w+) \{[^}]*10.77.0.0/.exec(await rules())?.[1] ?? "";
    await lab.exec("balancer", ["nft", "delete", "element", "inet", "sluice", name, "{ 10.77.0.0/16 }"]);
    await expect.poll(rules, { interval: 100 }).toMatch(/set list_[^}]*10.77.0.0\/16/);
    const { body } = await callAgent(lab.socket, "GET", "/v1/status");
    expect(JSON.stringify(body)).toContain("1 element missing from list partners");
  });

  test("of thousands of networks are one change too", async () => {
    const many = Array.from({ length: 5000 }, (_, at) => `10.${at >> 8}.${at & 255}.0-10.${at >> 8}.${at & 255}.7`);
    const large = list("large", many);
    await farms.putList(large);
    const { v4 } = await farmWith({ deny: ["@large"] });
    expect((await served(v4, one, 2)).failed).toBe(0);
    await farms.putList({ ...large, networks: [one] });
    expect((await ask(v4, one, 2)).failed).toBe(2);
    await farms.putList({ ...large, networks: many });
    expect((await served(v4, one, 2)).failed).toBe(0);
  });
});

describe("limits", () => {
  /** Who is answered and who is not are both in it: as late as goes before the first packet is sent again. */
  const between = { timeoutMs: 800 };
  /** A burst of one second's worth, and as much again for every second it took. */
  test("one client opens so many connections a second and no more, another is not touched by it", async () => {
    const { v4 } = await farmWith({ newPerSecondPerSource: 10 });
    const before = await turned("source-rate");
    const report = await ask(v4, one, 40, between);
    expect(answers(report)).toBeGreaterThanOrEqual(10);
    expect(answers(report)).toBeLessThanOrEqual(most(10, [report]));
    expect((await turned("source-rate")) - before).toBe(40 - answers(report));
    expect((await served(v4, other, 10)).failed).toBe(0);
  });

  test("another number counts from the change on", async () => {
    const { farm, v4 } = await farmWith({ newPerSecondPerSource: 1 });
    expect((await ask(v4, one, 10)).failed).toBeGreaterThan(5);
    await farms.put({ ...farm, policy: { ...farm.policy, newPerSecondPerSource: 50 } });
    expect((await served(v4, one, 20)).failed).toBe(0);
  });

  test("further packets of a UDP flow are no new connections", async () => {
    const backends = [{ address: "192.168.100.10", port: 53 }];
    const { v4 } = await freshVips();
    const policy = { newPerSecondPerSource: 1 };
    await farms.put(makeFarm({ name: "flow", addresses: [v4], protocol: "udp", ports: [53], backends, policy }));
    const place = { address: v4, port: 53, protocol: "udp" as const, source: one };
    const [flow] = await lab.hold(place);
    const ids = [flow?.id ?? 0];
    for (let again = 0; again < 5; again++)
      expect(await lab.held({ ids, action: "ask" })).toMatchObject([{ backend: "web-1", error: null }]);
    expect((await lab.connect({ ...place, count: 3, concurrency: 3, timeoutMs: 300 })).failed).toBeGreaterThanOrEqual(
      2,
    );
    await lab.held({ ids, action: "release" });
  });

  test("one client holds so many connections; more are refused at once and the held ones stay", async () => {
    const { v4 } = await farmWith({ connectionsPerSource: 20 });
    const before = await turned("source-connections");
    const held = await lab.hold({ address: v4, port: 80, source: one, count: 30 });
    expect(held.filter(({ isOpen }) => isOpen)).toHaveLength(20);
    expect(held.filter(({ error }) => error === "ECONNREFUSED")).toHaveLength(10);
    expect((await turned("source-connections")) - before).toBe(10);
    expect((await served(v4, other, 10)).failed).toBe(0);
    const ids = held.flatMap(({ id, isOpen }) => (isOpen ? [id] : []));
    expect((await lab.held({ ids, action: "ask" })).every(({ error }) => error === null)).toBe(true);
    await lab.held({ ids, action: "release" });
  });

  test("the farm takes so many SYNs a second of all clients and both families together", async () => {
    const { v4, v6 } = await farmWith({ synPerSecond: 20 });
    const before = await turned("syn-limit");
    const reports = await Promise.all([
      ask(v4, one, 20, between),
      ask(v4, other, 20, between),
      ask(v6, "fd00:51::101", 20, between),
    ]);
    const all = reports.map(answers).reduce((sum, count) => sum + count, 0);
    expect(all).toBeGreaterThanOrEqual(20);
    expect(all).toBeLessThanOrEqual(most(20, reports));
    expect((await turned("syn-limit")) - before).toBe(60 - all);
  });
});

describe("broken packets", () => {
  test.each([
    ["opened and closed at once", "fin|syn"],
    ["opened and reset at once", "syn|rst"],
    ["no flag at all", "0x0"],
    ["a Christmas tree", "fin|psh|urg"],
    ["an answer that nobody asked for", "syn|ack"],
  ])("%s is dropped and counted", async (_what, flags) => {
    const { farm, v4 } = await farmWith({ dropInvalid: true });
    expect((await served(v4, one, 3)).failed).toBe(0);
    const before = await turned("invalid");
    // the client's own kernel rewrites its packets after it has tracked them
    const rewrite = `ip daddr ${v4} tcp flags & (syn|ack) == syn tcp flags set (${flags})`;
    await withRules("clients", "postrouting priority 300", [rewrite], async () => {
      expect((await ask(v4, one, 3)).failed).toBe(3);
    });
    expect((await turned("invalid")) - before).toBe(3);
    await farms.remove(farm.id);
  });
});

describe("marks for queues", () => {
  test("backends and clients see the DSCP, on every packet and in both families", async () => {
    const { v4, v6 } = await farmWith({ dscp: "af21" });
    const mine = { v4: "192.168.0.108", v6: "fd00:51::108" };
    const own = [`ip saddr ${mine.v4} tcp dport 80`, `ip6 saddr ${mine.v6} tcp dport 80`];
    const watch = own.flatMap((match, at) => [
      `${match} ${at === 0 ? "ip" : "ip6"} dscp af21 counter`,
      `${match} counter`,
    ]);
    await withRules("web-1", "input priority 0", watch, async () => {
      expect((await served(v4, mine.v4, 5)).failed).toBe(0);
      expect((await served(v6, mine.v6, 5)).failed).toBe(0);
      const [four = 0, all4, six = 0, all6] = await counted("web-1");
      expect([four, six]).toEqual([all4, all6]);
      // a SYN, its end of the handshake, a request and a FIN at least
      expect(Math.min(four, six)).toBeGreaterThanOrEqual(15);
    });
    await withRules("clients", "input priority 0", ["tcp sport 80 ip dscp af21 counter"], async () => {
      await served(v4, one, 5);
      const [answersSeen = 0] = await counted("clients");
      expect(answersSeen).toBeGreaterThanOrEqual(10);
    });
  });

  test("queues see the tc class on packets that leave either way, after forwarding has set its own", async () => {
    const { v4 } = await farmWith({ priority: "1:10" });
    const watch = ["back1", "front"].map((link) => `oifname ${link} meta priority 1:10 counter`);
    await withRules("balancer", "postrouting priority 300", watch, async () => {
      expect((await served(v4, one, 5)).failed).toBe(0);
      for (const packets of await counted("balancer")) expect(packets).toBeGreaterThanOrEqual(10);
    });
  });
});

describe("SYN proxy", () => {
  const setting = "net.netfilter.nf_conntrack_tcp_loose";

  test("is refused until the host agrees", async () => {
    await lab.exec("balancer", ["sysctl", "-w", `${setting}=1`]);
    await expect(farmWith({ synProxy: true })).rejects.toThrow(`sysctl -w ${setting}=0`);
  });

  test("answers clients itself and asks a backend only for those that prove to be there", async () => {
    await lab.exec("balancer", ["sysctl", "-w", `${setting}=0`]);
    const { v4, v6 } = await farmWith({ synProxy: true, dropInvalid: true });
    expect((await served(v4, one, 20)).failed).toBe(0);
    expect((await served(v6, "fd00:51::101", 20)).failed).toBe(0);
    const before = await given();
    // this client's kernel drops what it is answered, as the owner of a forged address would
    const deaf = `ip saddr ${v4} tcp flags & (syn|ack) == (syn|ack) drop`;
    await withRules("clients", "prerouting priority -400", [deaf], async () => {
      expect((await ask(v4, one, 20)).failed).toBe(20);
    });
    expect((await given()) - before).toBe(0);
    expect((await served(v4, other, 5)).failed).toBe(0);
    expect((await given()) - before).toBe(5);
  });

  test("opens the backend's side at once: nobody has to repeat anything, though the client says nothing yet", async () => {
    const { v4, v6 } = await farmWith({ synProxy: true });
    /** SYN-ACKs that the backend sent again */
    const repeated = async () => {
      const { stdout } = await lab.exec("web-1", ["nstat", "-asz", "TcpExtTCPSynRetrans"]);
      return Number(/TcpExtTCPSynRetrans +([0-9]+)/.exec(stdout)?.[1]);
    };
    const [before, givenBefore] = [await repeated(), await given()];
    expect(before).toBeGreaterThanOrEqual(0);
    // longer than a backend waits before it repeats itself (1 s)
    const silent = (vip: string) => `exec 3<>/dev/tcp/${vip}/80; read -r -t 1.3 -u 3`;
    await Promise.all([v4, v6].map((vip) => lab.exec("clients", ["bash", "-c", silent(vip)])));
    expect((await served(v4, one, 60)).failed).toBe(0);
    expect((await given()) - givenBefore).toBe(62);
    expect(await repeated()).toBe(before);
  });

  test("works for an address that is only routed here", async () => {
    const v4 = "192.168.7.7";
    await farms.put(
      makeFarm({ name: "routed", addresses: [v4], backends: both.slice(0, 1), policy: { synProxy: true } }),
    );
    await lab.exec("balancer", ["ip", "route", "add", `${v4}/32`, "dev", "back1"]);
    expect((await served(v4, one, 10)).failed).toBe(0);
  });

  test("limits of one client and of the farm hold behind it", async () => {
    const { v4 } = await farmWith({ synProxy: true, newPerSecondPerSource: 10 });
    const report = await ask(v4, one, 40);
    expect(answers(report)).toBeGreaterThanOrEqual(3);
    expect(report.failed).toBeGreaterThan(10);
    const { v4: limited } = await farmWith({ synProxy: true, synPerSecond: 10 });
    const first = await turned("syn-limit");
    const all = await ask(limited, one, 40);
    expect(answers(all)).toBeGreaterThanOrEqual(3);
    expect(all.failed).toBeGreaterThan(10);
    expect((await turned("syn-limit")) - first).toBeGreaterThan(10);
  });

  test("answers for nobody: where no backend serves clients are refused at their SYN, in that family alone", async () => {
    const { farm, v4, v6 } = await farmWith({ synProxy: true });
    await farms.weights(farm, [100, 0]);
    expect((await served(v4, one, 3)).failed).toBe(0);
    expect((await ask(v6, "fd00:51::101", 3)).errors).toEqual({ ECONNREFUSED: 3 });
    await farms.weights(farm, [0, 100]);
    expect((await ask(v4, one, 3)).errors).toEqual({ ECONNREFUSED: 3 });
    expect((await served(v6, "fd00:51::101", 3)).failed).toBe(0);
  });

  test("takes nothing from its neighbours, and its hooks go with it", async () => {
    const { v4 } = await farmWith({});
    expect((await served(v4, one, 20)).failed).toBe(0);
    for (const { id } of await farms.farms()) await farms.remove(id);
    expect((await lab.exec("balancer", ["nft", "list", "chains", "inet"])).stdout).not.toContain("synproxy");
  });
});

/** The farm's live row, as soon as one passes that is so. */
async function rowWhere(farmId: string, isSo: (row: FarmLive) => boolean): Promise<FarmLive> {
  const end = new AbortController();
  const found: FarmLive[] = [];
  await createAgentLink({ socketPath: lab.socket }).stream((message) => {
    if (message.type !== "hello" && message.type !== "tick") return;
    found.push(...message.farms.filter((row) => row.farmId === farmId && isSo(row)));
    if (found.length > 0) end.abort();
  }, end.signal);
  const [first] = found;
  if (first === undefined) throw new Error("the stream ended");
  return first;
}

describe("what people see", () => {
  test("the live row counts what is turned away by reason, as a rate while it happens, and no connection", async () => {
    const { farm, v4 } = await farmWith({ deny: [one], connectionsPerSource: 50, logPerSecond: 3 });
    await rowWhere(farm.id, ({ turnedAway }) => turnedAway.every(({ perS }) => perS === 0));
    const seen = rowWhere(farm.id, ({ turnedAway }) => turnedAway.some(({ perS }) => (perS ?? 0) > 0));
    expect((await ask(v4, one, 5)).failed).toBe(5);
    const { turnedAway, newPerS, logPrefix } = await seen;
    expect(turnedAway.map(({ reason }) => reason)).toEqual(["denied", "source-connections"]);
    expect([turnedAway[1], newPerS]).toMatchObject([{ packets: 0, perS: 0 }, 0]);
    expect(logPrefix).toMatch(/^sluice f_[0-9]+ $/);
    const after = await rowWhere(farm.id, (row) => row.turnedAway[0]?.packets === 5);
    expect(after.turnedAway[0]?.reason).toBe("denied");
  });

  test("the running rules of a farm show its lists, its limits and its filters", async () => {
    const { farm } = await farmWith({ deny: ["10.11.0.0/16"], newPerSecondPerSource: 7 });
    const { body } = await callAgent(lab.socket, "GET", `/v1/farms/${farm.id}/ruleset`);
    const { text } = z.object({ text: z.string() }).parse(body);
    expect(text).toContain("10.11.0.0/16");
    expect(text).toContain("limit rate over 7/second burst 7 packets");
    expect(text).toMatch(/chain guard_[0-9]+_6/);
  });
});

describe("everything else", () => {
  test("a log line costs no verdict: what is logged is turned away and counted all the same", async () => {
    const { v4 } = await farmWith({ deny: [one], connectionsPerSource: 2, logPerSecond: 1 });
    const before = await turned("denied");
    expect((await ask(v4, one, 5)).errors).toEqual({ timeout: 5 });
    expect((await turned("denied")) - before).toBe(5);
    const held = await lab.hold({ address: v4, port: 80, source: other, count: 4 });
    expect(held.filter(({ error }) => error === "ECONNREFUSED")).toHaveLength(2);
    await lab.held({ ids: held.map(({ id }) => id), action: "release" });
    const { stdout } = await lab.exec("balancer", ["nft", "list", "table", "inet", "sluice"]);
    expect(stdout).toMatch(/limit rate 1\/second burst 1 packets log prefix "sluice f_[0-9]+ " level info/);
  });

  // a namespace's lines reach the kernel's log only with the host-wide nf_log_all_netns=1, which a test must not set: the rule is watched
  test("what is turned away reaches the log under the prefix that the page shows, as often as the rate says", async () => {
    const { farm, v4 } = await farmWith({ deny: [one], logPerSecond: 2 });
    const { logPrefix } = await rowWhere(farm.id, () => true);
    const before = await turned("denied");
    const reports: ConnectReport[] = [];
    const steps = await traced(lab, `ip daddr ${v4}`, async () => {
      reports.push(await ask(v4, one, 20), await ask(v4, other, 5));
    });
    const away = steps.filter(({ chain }) => chain.startsWith("away_"));
    const dropped = away.filter(({ text }) => text.endsWith("(verdict drop)"));
    expect(dropped.length).toBeGreaterThanOrEqual(20);
    expect(dropped).toHaveLength((await turned("denied")) - before);
    const logged = away.filter(({ text }) => text.includes(`log prefix "${logPrefix}" level info`));
    expect(logged.length).toBeGreaterThanOrEqual(2);
    expect(logged.length).toBeLessThanOrEqual(most(2, reports));
    expect(away).toHaveLength(dropped.length + logged.length);
  });

  test("a farm without filters takes the same rules beside others that have them; each of their hooks is one look-up", async () => {
    for (const { id } of await farms.farms()) await farms.remove(id);
    const { v4 } = await farmWith({});
    const client = "192.168.0.107";
    /** of every packet of one connection, both ways */
    const way = async () => {
      const steps = await traced(lab, `ct original ip saddr ${client}`, async () => {
        expect((await served(v4, client, 1)).failed).toBe(0);
      });
      const isEnd = ({ text }: { text: string }) => text.startsWith("policy ");
      const rules = steps.filter((step) => !isEnd(step)).map(({ chain, text }) => `${chain}: ${text}`);
      return {
        rules: [...new Set(rules)].sort(),
        passed: new Set(steps.filter(isEnd).map(({ chain }) => chain)),
      };
    };
    const alone = await way();
    expect(alone.rules.length).toBeGreaterThan(2);
    const limits = { newPerSecondPerSource: 5, connectionsPerSource: 9, synPerSecond: 70, logPerSecond: 1 };
    const { v4: shut } = await farmWith({ deny: [one], dropInvalid: true, dscp: "ef", priority: "1:10", ...limits });
    expect((await ask(shut, one, 1)).failed).toBe(1);
    const beside = await way();
    expect(beside.rules).toEqual(alone.rules);
    const more = [...beside.passed].filter((chain) => !alone.passed.has(chain)).sort();
    expect(more).toEqual(["guard_prerouting", "qos_postrouting"]);
    for (const chain of more) {
      const { stdout } = await lab.exec("balancer", ["nft", "list", "chain", "inet", "sluice", chain]);
      const rules = stdout.split("\n").slice(3, -3);
      expect(rules.length).toBeGreaterThan(0);
      for (const rule of rules) expect(rule).toMatch(/vmap @/);
    }
  });

  test("a farm that turns everybody away leaves its neighbours alone; with the last one the hooks go", async () => {
    for (const { id } of await farms.farms()) await farms.remove(id);
    const hooks = async () =>
      (await lab.exec("balancer", ["nft", "list", "chains", "inet"])).stdout.match(/(guard|qos)_[a-z]+/g);
    const { v4: open } = await farmWith({});
    expect(await hooks()).toBeNull();
    const { farm, v4: shut } = await farmWith({ deny: ["0.0.0.0/0"], dscp: "ef" });
    expect(await hooks()).toEqual(["guard_prerouting", "guard_output", "qos_postrouting"]);
    expect((await ask(shut, one, 3)).failed).toBe(3);
    expect((await served(open, one, 20)).failed).toBe(0);
    await farms.put({ ...farm, policy: { ...farm.policy, deny: [], dscp: null } });
    expect(await hooks()).toBeNull();
    expect((await served(shut, one, 3)).failed).toBe(0);
  });
});
