/** Live rows from real connections: client, balancer and backends share one namespace, the VIPs and backends are addresses of its lo. */
import type { ChildProcess } from "node:child_process";
import http from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { protocolHeader, protocolVersion } from "../wire/agent.ts";
import { record } from "./answers.testing.ts";
import { buildProber, TestAgent, testFarm, until } from "./harness.testing.ts";

const farm = testFarm(1, { scheduler: "round-robin" });
const checked = testFarm(5, {
  healthCheck: { type: "tcp", intervalMs: 200, timeoutMs: 200 },
  backends: testFarm(5).backends.map((each, at) => ({ ...each, address: `10.20.1.${at + 1}` })),
});
const connections = 60;
let agent: TestAgent;
let backends: ChildProcess;
let prober: ChildProcess;

const server = `
const net = require("net");
for (const host of ["10.20.1.1", "10.20.1.2"])
  net.createServer((socket) => { socket.on("error", () => {}); socket.write("hello"); }).listen(8080, host);
`;
const client = `
const net = require("net");
let open = 0;
for (let at = 0; at < ${connections}; at++)
  net.connect(80, "10.99.0.1").once("data", () => { if (++open === ${connections}) process.stdout.write("all open"); });
setTimeout(() => process.exit(0), 20000);
`;
/** Ten connections to the fourth farm that ended, then six that stay open. */
const endedAndOpenClient = `
const net = require("net");
const open = () => new Promise((done) => {
  const socket = net.connect(80, "10.99.0.4").on("error", () => {});
  socket.once("data", () => done(socket));
});
(async () => {
  for (let at = 0; at < 10; at++) {
    const socket = await open();
    await new Promise((done) => socket.once("close", done).end());
  }
  for (let at = 0; at < 6; at++) await open();
  process.stdout.write("all open");
})();
setTimeout(() => process.exit(0), 20000);
`;

beforeAll(async () => {
  agent = await TestAgent.open({ SLUICE_PROBE_INTERVAL_MS: "200" });
  for (const address of ["10.99.0.1", "10.20.1.1", "10.20.1.2"])
    agent.inside("ip", "addr", "add", `${address}/32`, "dev", "lo");
  backends = agent.run(process.execPath, "-e", server);
  prober = agent.run(process.execPath, buildProber());
  await agent.put(farm);
});
afterAll(async () => {
  backends.kill("SIGKILL");
  prober.kill("SIGKILL");
  await agent.close();
});

/** The newest row of a farm, from the stream's hello; empty before its first second. */
function row(farmId = farm.id): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const options = {
      socketPath: agent.socket,
      path: "/v1/stream",
      headers: { [protocolHeader]: String(protocolVersion) },
      agent: false,
    };
    http
      .get(options, (response) => {
        let text = "";
        response.on("data", (piece: Buffer) => {
          text += piece.toString();
          const end = text.indexOf("\n");
          if (end < 0) return;
          response.destroy();
          const hello = record(JSON.parse(text.slice(0, end)));
          const rows = (Array.isArray(hello.farms) ? hello.farms : []).map((each: unknown) => record(each));
          resolve(rows.find((each) => each.farmId === farmId) ?? {});
        });
        response.on("error", () => undefined);
      })
      .on("error", reject);
  });
}

const rowsOf = (farmRow: Record<string, unknown>) =>
  (Array.isArray(farmRow.backends) ? farmRow.backends : []).map((backend: unknown) => record(backend));

describe("live rows", () => {
  test("a farm without health checks is not checked, never up, and its health is unknown", async () => {
    await until(async () => (await row()).word === "not-checked");
    expect(rowsOf(await row()).map(({ health }) => health)).toEqual(["unknown", "unknown"]);
  });

  test("count each new connection once, show the open ones, and the shares that were observed", async () => {
    const holding = agent.run(process.execPath, "-e", client);
    await until(async () => Number((await row()).active) === connections);
    await until(async () => {
      const observed = rowsOf(await row()).map((backend) => backend.observed);
      return observed.every((each) => each !== null && record(each).connections === connections);
    });
    const shares = rowsOf(await row()).map(({ observed }) => record(observed).sharePct);
    expect(shares).toEqual([50, 50]);
    holding.kill("SIGKILL");
  });

  test("a cut tells how many connections were open, not those that had ended long before, and the row loses them", async () => {
    const backends = testFarm(4).backends.map((each, at) => ({ ...each, address: `10.20.1.${at + 1}` }));
    const cut = testFarm(4, { scheduler: "round-robin", backends });
    const [first] = cut.backends;
    if (first === undefined) throw new Error("no backend");
    agent.inside("ip", "addr", "add", "10.99.0.4/32", "dev", "lo");
    const { n } = await agent.put(cut);
    const holding = agent.run(process.execPath, "-e", endedAndOpenClient);
    await new Promise((resolve) => holding.stdout?.once("data", resolve));
    const actives = async () => rowsOf(await row(cut.id)).map(({ active }) => active);
    await until(async () => String(await actives()) === "3,3");
    expect(agent.inside("conntrack", "-L", "--orig-dst", "10.99.0.4")).toContain("TIME_WAIT");
    const states = { [first.id]: "drain" } as const;
    const drained = await agent.change([{ type: "set-admin-state", base: Number(n), farmId: cut.id, states }]);
    await agent.change([{ type: "cut", base: Number(drained.n), farmId: cut.id, backendId: first.id }]);
    await until(() => agent.log.includes("web-1 was cut: "));
    expect(agent.log).toContain("web-1 was cut: 3 open connections ended");
    await until(async () => String(await actives()) === "0,3");
    holding.kill("SIGKILL");
  });

  test("have connect times by the prober, which has no say in anything else", async () => {
    await until(async () => Number(record((await row()).connect ?? { samples: 0 }).samples) >= 10);
    const connect = record((await row()).connect);
    expect(connect.failed).toBe(0);
    expect(Number(connect.p50Ms)).toBeGreaterThan(0);
    expect(Number(connect.p99Ms)).toBeGreaterThanOrEqual(Number(connect.p50Ms));
  });

  test("say where a VIP is, with the command that would bring it here", async () => {
    expect((await row()).vips).toEqual([{ address: "10.99.0.1", place: "local", command: null }]);
    const away = testFarm(2);
    await agent.put(away);
    await until(async () => (await row(away.id)).word !== undefined);
    const command = "ip addr add 10.99.0.2/32 dev lo";
    expect((await row(away.id)).vips).toEqual([{ address: "10.99.0.2", place: "not-here", command }]);
    expect((await row(away.id)).hints).toContainEqual(expect.stringContaining(command));
    agent.inside("ip", "addr", "del", "10.99.0.1/32", "dev", "lo");
    await until(async () => JSON.stringify((await row()).vips).includes('"routed"'));
  });

  test("name the backend whose answers do not come back", async () => {
    agent.inside("ip", "link", "add", "void0", "type", "veth", "peer", "name", "void1");
    for (const name of ["void0", "void1"]) agent.inside("ip", "link", "set", name, "up");
    agent.inside("ip", "addr", "add", "10.77.0.1/24", "dev", "void0");
    agent.inside("ip", "neigh", "add", "10.77.0.9", "lladdr", "02:00:00:00:00:09", "dev", "void0");
    agent.inside("ip", "addr", "add", "10.99.0.3/32", "dev", "lo");
    const [backend] = testFarm(3).backends;
    const lost = testFarm(3, { backends: [{ ...backend, address: "10.77.0.9", port: 80 }] });
    await agent.put(lost);
    const trying = agent.run(
      ...[process.execPath, "-e"],
      'for (let at = 0; at < 5; at++) require("net").connect(80, "10.99.0.3").on("error", () => {})',
    );
    await until(async () =>
      JSON.stringify((await row(lost.id)).hints ?? "").includes("SYN without answer: 5 connections to web-1"),
    );
    trying.kill("SIGKILL");
  });

  test("of a backend that refuses say so in words, without taking it out", async () => {
    backends.kill("SIGKILL");
    await until(async () => rowsOf(await row()).every(({ reason }) => String(reason).includes("connection refused")));
    expect(await row()).toMatchObject({ serving: 2, word: "not-checked" });
  });

  test("of a farm whose every check fails at once say that they are not believed any more, and it serves on", async () => {
    await agent.put(checked);
    await until(async () => (await row(checked.id)).panic !== undefined);
    const now = await row(checked.id);
    expect(now).toMatchObject({ word: "critical", panic: expect.stringContaining("2 of 2 backends fail at once") });
    // who failed first is out
    expect(Number(now.serving)).toBeGreaterThanOrEqual(1);
    expect(rowsOf(now).map(({ health }) => health)).toContain("degraded");
  });

  test("lose their connect times when the prober is gone, and what is not asked is unknown: both farms stay", async () => {
    prober.kill("SIGKILL");
    await until(async () => (await row()).connect === null);
    expect(await row()).toMatchObject({ serving: 2, word: "not-checked" });
    await until(async () => rowsOf(await row(checked.id)).some(({ health }) => health === "unknown"));
    expect(Number((await row(checked.id)).serving)).toBeGreaterThanOrEqual(1);
    await until(() => agent.log.includes("The prober is gone"));
  });

  test("become a history of at most 120 points, with gaps where nothing is known", async () => {
    const toMs = Date.now();
    const answer = await agent.call("GET", `/v1/farms/${farm.id}/series?fromMs=${toMs - 300_000}&toMs=${toMs}`);
    const series = record(answer.body);
    const at = Array.isArray(series.atMs) ? series.atMs : [];
    expect(at.length).toBeGreaterThan(0);
    expect(at.length).toBeLessThanOrEqual(120);
    const [first] = rowsOf(series);
    const fresh = Array.isArray(first?.newPerS) ? first.newPerS : [];
    expect(fresh).toHaveLength(at.length);
    expect(fresh[0]).toBeNull();
    expect(fresh.some((value) => value !== null && value > 0)).toBe(true);
  });
});
