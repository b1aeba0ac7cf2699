/** Schedulers that hash, with packets: who gets which client, who keeps it, and who loses it when backends come and go. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { effective } from "../core/farm/effective.ts";
import { programmedShares } from "../core/farm/shares.ts";
import type { Farm } from "../core/farm/types.ts";
import { chiSquare, criticalValue } from "./chi-square.ts";
import { FarmCalls, makeFarm } from "./farm-calls.ts";
import { type OpenLab, openLab } from "./open-lab.ts";

const vip = "192.168.0.60";
const vip6 = "fd00:51::60";
const clients4 = Array.from({ length: 240 }, (_, at) => `10.50.${at % 4}.${1 + Math.floor(at / 4)}`);
const clients6 = Array.from({ length: 240 }, (_, at) => `fd00:50::${(at + 1).toString(16)}`);
let lab: OpenLab;
let farms: FarmCalls;

beforeAll(async () => {
  lab = await openLab({ clients: false, farms: [], backends: 3 });
  farms = new FarmCalls(lab.socket);
  const addresses = [
    ...clients4.map((address) => `addr add ${address}/32 dev eth0`),
    ...clients6.map((address) => `addr add ${address}/128 dev eth0 nodad`),
  ];
  await ip("clients", addresses);
  const routes = ["route add 10.50.0.0/16 dev front", "route add fd00:50::/64 dev front"];
  await ip("balancer", [`addr add ${vip}/32 dev front`, `addr add ${vip6}/128 dev front nodad`, ...routes]);
});
afterAll(() => lab.close());

async function ip(namespace: string, lines: readonly string[]): Promise<void> {
  const { code, stderr } = await lab.exec(namespace, ["ip", "-batch", "-"], lines.join("\n"));
  if (code !== 0) throw new Error(stderr);
}

function farmWith(more: Readonly<Record<string, unknown>>, weights: readonly number[] = [100, 60, 40]): Farm {
  const net = more.family === 6 ? "fd00:51:100::" : "192.168.100.";
  const { family, ...fields } = more;
  const backends = weights.map((weight, at) => ({ address: `${net}${10 + at}`, port: 80, weight }));
  return makeFarm({ name: "hashed", addresses: [family === 6 ? vip6 : vip], backends, ...fields });
}

function without(farm: Farm, name: string): Farm {
  return { ...farm, backends: farm.backends.filter((backend) => backend.name !== name) };
}

/** Backend of each client, asked once. */
async function whoAnswers(
  farm: Farm,
  clients: readonly string[] = clients4,
  protocol: "tcp" | "udp" = "tcp",
): Promise<string[]> {
  const address = farm.addresses[0] ?? "";
  const port = Number(farm.ports[0]);
  const answers: string[] = [];
  for (let at = 0; at < clients.length; at += 20) {
    const batch = clients.slice(at, at + 20);
    const asked = batch.map((source) => lab.connect({ address, port, protocol, source, count: 1 }));
    for (const { answered, errors } of await Promise.all(asked)) {
      expect(errors).toEqual({});
      answers.push(...Object.keys(answered));
    }
  }
  expect(answers).toHaveLength(clients.length);
  return answers;
}

/** Each client's backend is as good as drawn by the programmed shares. */
function expectProgrammed(farm: Farm, answers: readonly string[]): void {
  const shares = programmedShares(farm, effective(farm, new Map()), { 4: 0, 6: 0 });
  const counts = farm.backends.map(({ name }) => answers.filter((answer) => answer === name).length);
  const pct = farm.backends.map(({ id }) => shares.get(id) ?? 0);
  expect(chiSquare(counts, pct)).toBeLessThan(criticalValue(counts.length));
}

async function whileServing(farm: Farm, check: () => Promise<void>): Promise<void> {
  await farms.put(farm);
  try {
    await check();
  } finally {
    await farms.remove(farm.id);
  }
}

describe("a client keeps its backend, and clients are spread by weight", () => {
  test.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ["source-hash", { scheduler: "source-hash" }, clients4],
    ["maglev", { scheduler: "maglev" }, clients4],
    ["source-hash over IPv6", { scheduler: "source-hash", family: 6 }, clients6],
    ["maglev over IPv6", { scheduler: "maglev", family: 6 }, clients6],
  ])("%s", (_what, fields, clients) => {
    const farm = farmWith(fields);
    return whileServing(farm, async () => {
      const answers = await whoAnswers(farm, clients);
      expectProgrammed(farm, answers);
      expect(await whoAnswers(farm, clients)).toEqual(answers);
    });
  });

  test("source-hash over UDP", () => {
    const farm = farmWith({ scheduler: "source-hash", protocol: "udp", ports: [5353] });
    const mapped = { ...farm, backends: farm.backends.map((backend) => ({ ...backend, port: 5353 })) };
    return whileServing(mapped, async () => {
      const answers = await whoAnswers(mapped, clients4, "udp");
      expectProgrammed(mapped, answers);
      expect(await whoAnswers(mapped, clients4, "udp")).toEqual(answers);
    });
  });

  test("on a farm made anew from the same document it is the same backend: names decide", () => {
    const [first, second] = [farmWith({ scheduler: "source-hash" }), farmWith({ scheduler: "source-hash" })];
    const answers: string[][] = [];
    return whileServing(first, async () => {
      answers.push(await whoAnswers(first));
    })
      .then(() =>
        whileServing(second, async () => {
          answers.push(await whoAnswers(second));
        }),
      )
      .then(() => expect(answers[1]).toEqual(answers[0]));
  });
});

describe("one client's connections are spread when its port is hashed too", () => {
  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["source-hash", { scheduler: "source-hash", hashFields: ["source-address", "source-port"] }],
    ["maglev", { scheduler: "maglev", hashFields: ["source-address", "source-port"] }],
    ["symmetric-hash", { scheduler: "symmetric-hash" }],
    ["symmetric-hash over IPv6", { scheduler: "symmetric-hash", family: 6 }],
  ])("%s", (_what, fields) => {
    const farm = farmWith(fields);
    return whileServing(farm, async () => {
      const [address = "", source = ""] = [farm.addresses[0], fields.family === 6 ? clients6[0] : clients4[0]];
      const { answered, errors } = await lab.connect({ address, port: 80, source, count: 600 });
      expect(errors).toEqual({});
      expectProgrammed(
        farm,
        Object.entries(answered).flatMap(([name, count]) => Array<string>(count).fill(name)),
      );
    });
  });
});

describe("when backends come and go", () => {
  test("source-hash moves the clients of the one that left, no others, and brings them back with it", () => {
    const farm = farmWith({ scheduler: "source-hash" });
    return whileServing(farm, async () => {
      const before = await whoAnswers(farm);
      await farms.put(without(farm, "web-2"));
      const after = await whoAnswers(farm);
      expect(after).not.toContain("web-2");
      for (const [at, name] of before.entries()) if (name !== "web-2") expect(after[at]).toBe(name);
      await farms.put(farm);
      expect(await whoAnswers(farm)).toEqual(before);
    });
  });

  test("source-hash moves the clients of a drained backend only", () => {
    const farm = farmWith({ scheduler: "source-hash" });
    return whileServing(farm, async () => {
      const before = await whoAnswers(farm);
      await farms.state(farm, 0, "drain");
      const after = await whoAnswers(farm);
      expect(after).not.toContain("web-1");
      for (const [at, name] of before.entries()) if (name !== "web-1") expect(after[at]).toBe(name);
    });
  });

  test("maglev moves few clients of the others", () => {
    const farm = farmWith({ scheduler: "maglev" });
    return whileServing(farm, async () => {
      const before = await whoAnswers(farm);
      await farms.state(farm, 2, "drain");
      const after = await whoAnswers(farm);
      expect(after).not.toContain("web-3");
      const others = before.filter((name, at) => name !== "web-3" && after[at] !== name);
      expect(others.length / before.length).toBeLessThan(0.1);
    });
  });
});

/** Datagrams, one a line of source, its port, target and its port; nobody has to answer. */
const sendScript = `
const dgram = require("node:dgram");
(async () => {
  for (const [source, from, target, to] of JSON.parse(process.argv[1])) {
    const socket = dgram.createSocket("udp4");
    await new Promise((resolve) => socket.bind(from, source, resolve));
    await new Promise((resolve) => socket.send("x", to, target, resolve));
    socket.close();
  }
})();`;

async function send(from: string, lines: readonly (readonly [string, number, string, number])[]): Promise<void> {
  const sent = await lab.exec(from, [process.execPath, "-e", sendScript, JSON.stringify(lines)]);
  expect(sent).toMatchObject({ code: 0, stderr: "" });
}

/** Backend of each UDP client of the address, as connection tracking has it. */
async function trackedBackends(address: string): Promise<Map<string, string>> {
  const { stdout } = await lab.exec("balancer", ["conntrack", "-L", "-p", "udp", "--orig-dst", address]);
  const lines = stdout.matchAll(/src=(\S+) dst=\S+ sport=\d+ dport=\d+ .*?src=(\S+) dst=/g);
  return new Map(Array.from(lines, ([, client = "", backend = ""]) => [client, backend]));
}

test("maglev over 4,093 slots moves at most 12 percent of the clients when one of ten backends goes, the same on every balancer", async () => {
  // nobody has these addresses: where a client is sent is decided before
  await ip("balancer", ["route add 10.53.0.0/24 via 192.168.100.10", "route add 10.54.0.0/16 dev front"]);
  await ip("clients", ["route add local 10.54.0.0/16 dev lo"]);
  const clients = Array.from({ length: 1000 }, (_, at) => `10.54.${at >> 8}.${at & 255}`);
  const backends = Array.from({ length: 10 }, (_, at) => ({ address: `10.53.0.${at + 1}`, port: 7000 }));
  const fields = { protocol: "udp", ports: [7000], scheduler: "maglev", addresses: [vip] };
  const dealt = async (farm: Farm) => {
    // the agent forgets flows of who left at the same time, and the tool stops at one that it finds gone
    const left = async () => {
      await lab.exec("balancer", ["conntrack", "-D", "-p", "udp", "--orig-dst", vip]);
      return (await trackedBackends(vip)).size;
    };
    await expect.poll(left).toBe(0);
    await send(
      "clients",
      clients.map((client) => [client, 0, vip, 7000]),
    );
    const found = await trackedBackends(vip);
    expect([farm.name, found.size]).toEqual([farm.name, clients.length]);
    return clients.map((client) => found.get(client) ?? "");
  };
  const ten = makeFarm({ name: "ten", backends, ...fields });
  let before: string[] = [];
  await whileServing(ten, async () => {
    before = await dealt(ten);
    expect(new Set(before).size).toBe(10);
    await farms.put(without(ten, "web-10"));
    const after = await dealt(ten);
    expect(after).not.toContain("10.53.0.10");
    const moved = after.filter((backend, at) => backend !== before[at]);
    expect(moved.length / after.length).toBeLessThanOrEqual(0.12);
  });
  // other ids, another history, backends in another order: the names decide
  const reversed = ten.backends.map(({ id, ...rest }) => rest).reverse();
  const again = makeFarm({ name: "again", backends: reversed, ...fields });
  await whileServing(again, async () => expect(await dealt(again)).toEqual(before));
});

test("symmetric-hash gives both directions of a conversation the same backend", async () => {
  const [left, right] = ["10.52.0.1", "10.52.0.2"];
  // the two talk to each other through the farm, whose addresses they both are
  await ip("clients", [`addr add ${left}/32 dev eth0`]);
  await ip("web-3", [`addr add ${right}/32 dev eth0`]);
  const backends = [{ address: "192.168.100.10" }, { address: "192.168.100.11" }];
  const fields = { protocol: "udp", ports: ["6000-7999"], scheduler: "symmetric-hash" };
  await whileServing(makeFarm({ name: "both-ways", addresses: [left, right], backends, ...fields }), async () => {
    const pairs = Array.from({ length: 40 }, (_, at) => [6000 + at, 7000 + ((at * 37) % 999)] as const);
    await send(
      "clients",
      pairs.map(([from, to]) => [left, from, right, to]),
    );
    await send(
      "web-3",
      pairs.map(([from, to]) => [right, to, left, from]),
    );
    const { stdout } = await lab.exec("balancer", ["conntrack", "-L", "-p", "udp"]);
    const backendOf = (from: string, fromPort: number, to: string, toPort: number) =>
      new RegExp(`src=${from} dst=${to} sport=${fromPort} dport=${toPort} .*?src=(\\S+) dst=${from}`).exec(stdout)?.[1];
    const chosen = pairs.map(([from, to]) => [backendOf(left, from, right, to), backendOf(right, to, left, from)]);
    for (const [there, back] of chosen) {
      expect(there).toMatch(/^192\.168\.100\.1[01]$/);
      expect(back).toBe(there);
    }
    expect(new Set(chosen.map(([there]) => there)).size).toBe(2);
  });
});

test.each(["source-hash", "symmetric-hash", "maglev"])("a %s rule changed by hand is healed", (scheduler) => {
  const farm = farmWith({ scheduler, name: `hand-${scheduler}` });
  return whileServing(farm, async () => {
    const nft = async (...argv: string[]) => (await lab.exec("balancer", ["nft", ...argv])).stdout;
    const before = await nft("list", "table", "inet", "sluice");
    const [, chain = "", rule = ""] =
      /chain (f_[0-9]+_4) \{\n\s*(ct mark set (?:jhash|symhash).*)\n/.exec(before) ?? [];
    expect(rule).not.toBe("");
    const other = rule.replace(/mod [0-9]+/, "mod 3").replace(/ comment ".*"/, (kept) => kept);
    await nft(`flush chain inet sluice ${chain}; add rule inet sluice ${chain} ${other}`);
    await expect.poll(() => nft("list", "chain", "inet", "sluice", chain)).toContain(rule);
  });
});
