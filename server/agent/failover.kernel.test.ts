/**
 * Backends that fail in every way a check can see, with clients that go on asking: what they lose ends when the backend is out. There is
 * no web process and no database anywhere here. Half dead backends, which pass their check, are real-traffic's (server/lab).
 */
import type { ChildProcess } from "node:child_process";
import http from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LiveEvent } from "../core/metrics/live.ts";
import { protocolHeader, protocolVersion } from "../wire/agent.ts";
import { record } from "./answers.testing.ts";
import { buildProber, TestAgent, testFarm, until } from "./harness.testing.ts";

/** patient enough that nobody goes down, and no client gives up, because the machine is busy */
const pace = { intervalMs: 150, timeoutMs: 1000, rise: 2, fall: 2 };
const farm = testFarm(
  1,
  { scheduler: "round-robin", healthCheck: { type: "http", path: "/health", ...pace }, failover: { flapChanges: 12 } },
  3,
);
const flowFarm = testFarm(2, {
  protocol: "udp",
  scheduler: "round-robin",
  healthCheck: { type: "tcp", port: 8080, ...pace },
  failover: { flapChanges: 0 },
  backends: testFarm(2).backends.map((each, at) => ({ ...each, address: `10.20.1.${at + 1}`, port: 9000 })),
});
let agent: TestAgent;
let prober: ChildProcess;
let clients: ChildProcess;
let backends: ChildProcess[];

/** Signals make it misbehave: INT refuses, HUP answers late, TERM says 503, USR2 is well again; STOP hangs. */
const server = (address: string) => `
const http = require("http");
let mode = "well";
const server = http.createServer((request, response) => {
  const answer = () => { response.statusCode = mode === "503" ? 503 : 200; response.end("${address}"); };
  if (mode === "late") setTimeout(answer, 2500); else answer();
});
server.keepAliveTimeout = 1;
const listen = () => server.listen(8080, "${address}");
process.on("SIGINT", () => { server.close(); server.closeAllConnections(); });
process.on("SIGHUP", () => { mode = "late"; });
process.on("SIGTERM", () => { mode = "503"; });
process.on("SIGUSR2", () => { mode = "well"; if (!server.listening) listen(); });
setInterval(() => {}, 60000);
listen();
`;
/** A connection every 10 ms: when it began, and who answered. */
const client = `
const http = require("http");
setInterval(() => {
  const at = Date.now();
  let isDone = false;
  const done = (who) => { if (!isDone) process.stdout.write(at + " " + who + "\\n"); isDone = true; };
  const asked = http.get({ host: "10.99.0.1", agent: false, timeout: 4000 }, (response) => {
    let text = "";
    response.on("data", (piece) => { text += piece; }).on("end", () => done(response.statusCode === 200 ? text : "failed"));
    response.on("error", () => done("failed"));
  });
  asked.on("error", () => done("failed")).on("timeout", () => asked.destroy());
}, 10);
`;
/** Six at once that wait as long as the kernel does: it sends a SYN again after a second. */
const patientClient = `
const http = require("http");
for (let at = 0; at < 6; at++)
  http.get({ host: "10.99.0.1", agent: false }, (response) => {
    response.on("data", (piece) => process.stdout.write(piece + "\\n"));
  }).on("error", (error) => process.stdout.write(error.code + "\\n"));
`;
const flowClient = `
const dgram = require("dgram");
for (let at = 0; at < 8; at++) dgram.createSocket("udp4").on("error", () => {}).send("x", 80, "10.99.0.2");
setTimeout(() => process.exit(0), 300);
`;
type Asked = { readonly at: number; readonly who: string };
const asked: Asked[] = [];

beforeAll(async () => {
  agent = await TestAgent.open({ SLUICE_PROBE_INTERVAL_MS: "1000" });
  for (const address of ["10.99.0.1", "10.99.0.2", "10.20.1.1", "10.20.1.2", "10.20.1.3"])
    agent.inside("ip", "addr", "add", `${address}/32`, "dev", "lo");
  backends = [1, 2, 3].map((at) => serve(at));
  prober = agent.run(process.execPath, buildProber());
  await agent.put(farm);
  await agent.put(flowFarm);
  await until(async () => String(await healths()) === "up,up,up");
  clients = agent.run(process.execPath, "-e", client);
  clients.stdout?.on("data", (piece: Buffer) => {
    for (const line of piece.toString().trim().split("\n")) {
      const [at = "0", who = ""] = line.split(" ");
      asked.push({ at: Number(at), who });
    }
  });
  await until(() => asked.length > 20);
});
afterAll(async () => {
  for (const child of [clients, prober, ...backends]) child.kill("SIGKILL");
  await agent.close();
});

function serve(at: number): ChildProcess {
  return agent.run(process.execPath, "-e", server(`10.20.1.${at}`));
}

type Hello = {
  readonly events: readonly LiveEvent[];
  readonly former?: readonly { readonly bootId: string; readonly events: readonly LiveEvent[] }[];
  readonly farms: readonly Record<string, unknown>[];
};

function hello(): Promise<Hello> {
  return new Promise((resolve, reject) => {
    const options = {
      socketPath: agent.socket,
      path: "/v1/stream",
      headers: { [protocolHeader]: String(protocolVersion) },
      agent: false,
    };
    const sent = http.get(options, (response) => {
      let text = "";
      response.on("data", (piece: Buffer) => {
        text += piece.toString();
        const end = text.indexOf("\n");
        if (end < 0) return;
        response.destroy();
        resolve(JSON.parse(text.slice(0, end)) as Hello);
      });
      response.on("error", () => undefined);
    });
    sent.on("error", reject);
  });
}

const rowOf = async (farmId: string) => (await hello()).farms.find((each) => each.farmId === farmId);

async function rows(farmId = farm.id): Promise<Record<string, unknown>[]> {
  const row = await rowOf(farmId);
  return Array.isArray(row?.backends) ? row.backends.map((each: unknown) => record(each)) : [];
}

const healths = async (farmId = farm.id) => (await rows(farmId)).map(({ health }) => health);

/** Waits until web-1 went down (again), and tells when that was said. */
async function downAt(sinceMs: number): Promise<number> {
  let found: LiveEvent | undefined;
  await until(async () => {
    found = (await hello()).events.find((each) => isDown(each) && each.at >= sinceMs);
    return found !== undefined;
  });
  return found?.at ?? 0;
}

function isDown({ kind, farmId, text }: LiveEvent): boolean {
  return kind === "down" && farmId === farm.id && text.startsWith("web-1 is down");
}

/** What clients lost: before it was out, and after. Those that began after it must have been answered by others. */
async function afterDown(
  sinceMs: number,
): Promise<{ readonly lost: number; readonly lostLater: number; readonly met: number }> {
  const out = await downAt(sinceMs);
  await until(() => asked.filter(({ at }) => at > out).length >= 60);
  const later = asked.filter(({ at }) => at > out);
  const before = asked.filter(({ at }) => at >= sinceMs && at <= out);
  return {
    lost: before.filter(({ who }) => who === "failed").length / before.length,
    lostLater: later.filter(({ who }) => who === "failed").length,
    met: later.filter(({ who }) => who === "10.20.1.1").length,
  };
}

async function comesBack(): Promise<void> {
  await until(async () => ["up,up,up", "degraded,up,up"].includes(String(await healths())));
  const since = Date.now();
  await until(() => asked.some(({ at, who }) => at > since && who === "10.20.1.1"));
}

const restart = () => {
  backends[0] = serve(1);
};
const signal = (name: NodeJS.Signals) => () => childOf(1).kill(name);
/** nsenter replaces itself by what it runs: the child is the backend. */
function childOf(at: number): ChildProcess {
  const child = backends[at - 1];
  if (child === undefined) throw new Error("no such backend");
  return child;
}

describe("a backend that", () => {
  test.each<[string, () => unknown, () => unknown, string]>([
    ["is killed", signal("SIGKILL"), restart, "connection refused"],
    ["refuses connections", signal("SIGINT"), signal("SIGUSR2"), "connection refused"],
    ["hangs", signal("SIGSTOP"), signal("SIGCONT"), "no answer within 1000 ms"],
    ["is slow", signal("SIGHUP"), signal("SIGUSR2"), "no answer within 1000 ms"],
    ["answers what it must not", signal("SIGTERM"), signal("SIGUSR2"), "status 503"],
    [
      "is cut off from the network",
      () => agent.inside("ip", "addr", "del", "10.20.1.1/32", "dev", "lo"),
      () => agent.inside("ip", "addr", "add", "10.20.1.1/32", "dev", "lo"),
      "last 2 checks",
    ],
  ])(
    "%s costs clients a part of what they ask for until it is out, nothing after it, and comes back by itself",
    async (_what, fail, mend, why) => {
      const since = Date.now();
      fail();
      const { lost, lostLater, met } = await afterDown(since);
      expect([lostLater, met]).toEqual([0, 0]);
      expect(lost).toBeLessThan(0.5);
      expect(agent.log).toContain(why);
      mend();
      await comesBack();
    },
  );

  test("flaps is held back, and says how often it changed", async () => {
    // it has gone down and come up six times in this world
    await until(async () => (await healths())[0] === "degraded");
    expect((await rows())[0]?.reason).toMatch(/^changed its state (1[2-9]|[2-9]\d) times in 10 minutes$/);
  });
});

test("a checker that is stopped takes nobody out, and neither does it when it goes on; people are told of both", async () => {
  const since = Date.now();
  prober.kill("SIGSTOP");
  await until(() => agent.log.includes("The prober says nothing although it runs"));
  expect((await rows()).map(({ health }) => health)).not.toContain("down");
  expect((await agent.status()).features).toContainEqual(expect.objectContaining({ name: "prober", ok: false }));
  const on = Date.now();
  prober.kill("SIGCONT");
  await until(() => agent.log.includes("The prober is heard again"));
  // what was open while it stood still has answered, and each backend was asked several times since
  const askedLately = async () => (await rows()).every(({ check }) => Number(record(check).at) > on + 1000);
  await until(askedLately);
  await until(async () => (await healths()).every((health) => health === "up" || health === "degraded"));
  const events = (await hello()).events.filter(({ at }) => at >= since);
  expect(events.filter(({ kind }) => kind === "down")).toEqual([]);
  expect(events.filter(({ kind }) => kind === "lost" || kind === "back").map(({ kind }) => kind)).toEqual([
    "lost",
    "back",
  ]);
  const meanwhile = asked.filter(({ at }) => at >= since);
  expect(meanwhile.filter(({ who }) => who === "failed")).toEqual([]);
  expect(new Set(meanwhile.map(({ who }) => who)).size).toBe(3);
});

test("a backend's page has its checks and its heartbeat, and its check can be made at once", async () => {
  const path = `/v1/farms/${farm.id}/backends/${farm.backends[1]?.id}`;
  const monitor = record((await agent.call("GET", `${path}/monitor`)).body);
  const [newest] = Array.isArray(monitor.checks) ? monitor.checks.slice(-1) : [];
  expect(newest).toMatchObject({ ok: true, error: null });
  expect(JSON.stringify(monitor.beats)).toContain('"health":"up"');
  expect(JSON.stringify(monitor.probeTimes)).toContain("boundsMs");
  const made = await agent.call("POST", `${path}/check`);
  expect([made.status, record(made.body).ok]).toEqual([200, true]);
  const nobody = await agent.call("GET", `/v1/farms/${farm.id}/backends/${farm.id}/monitor`);
  expect(nobody.status).toBe(404);
});

test("a client that waits for who goes down is answered by another when it asks again", async () => {
  const since = Date.now();
  agent.inside("nft", "add table inet silence");
  agent.inside("nft", "add chain inet silence in { type filter hook input priority 0; }");
  agent.inside("nft", "add rule inet silence in ip daddr 10.20.1.1 tcp dport 8080 drop");
  const waiting = agent.run(process.execPath, "-e", patientClient);
  let said = "";
  waiting.stdout?.on("data", (piece: Buffer) => {
    said += piece.toString();
  });
  await downAt(since);
  // what it said last may be read after its end
  await new Promise((resolve) => waiting.once("close", resolve));
  agent.inside("nft", "delete table inet silence");
  const answers = said.trim().split("\n");
  expect([answers.length, answers.filter((who) => !/^10\.20\.1\.[23]$/.test(who))]).toEqual([6, []]);
});

test("who is held back for flapping is met by no client, though it goes and comes again meanwhile", async () => {
  // down since the test before, and the seventh time: its good answers must go on for twenty seconds
  await until(async () => String((await rows())[0]?.reason).includes("comes back in"));
  const since = Date.now();
  for (const name of ["SIGINT", "SIGUSR2"] as const) {
    childOf(1).kill(name);
    const checks = Number(record((await rows())[0]?.check).at);
    // each time longer than it takes who does not flap to come up or go down
    await until(async () => Number(record((await rows())[0]?.check).at) > checks + 3 * pace.intervalMs);
  }
  const meanwhile = asked.filter(({ at }) => at >= since);
  expect(meanwhile.length).toBeGreaterThan(60);
  expect(meanwhile.filter(({ who }) => who === "failed" || who === "10.20.1.1")).toEqual([]);
});

test("datagrams to who goes down are not sent there for ever: its flows are forgotten and counted", async () => {
  const since = Date.now();
  // its check may have failed beside that of the test before: a row of now, not the last one of then
  await until(async () => Number((await rowOf(flowFarm.id))?.at) > since);
  await until(async () => String(await healths(flowFarm.id)) === "up,up");
  const sending = agent.run(process.execPath, "-e", flowClient);
  await new Promise((resolve) => sending.once("exit", resolve));
  const flows = () =>
    agent.inside("conntrack", "-L", "-p", "udp", "--orig-dst", "10.99.0.2").split("\n").filter(Boolean);
  expect(flows().filter((flow) => flow.includes("src=10.20.1.2"))).toHaveLength(4);
  childOf(2).kill("SIGKILL");
  await until(() => agent.log.includes("4 UDP flows to it forgotten"));
  expect(flows().filter((flow) => flow.includes("src=10.20.1.2"))).toHaveLength(0);
  expect(flows()).toHaveLength(4);
});

test("an agent that is killed comes back with what it knew: who was down stays out, who was up stays in", async () => {
  await until(async () => String(await healths(flowFarm.id)) === "up,down");
  const told = (await hello()).events.filter(({ kind }) => kind === "down");
  const before = agent.table();
  await agent.kill("SIGKILL");
  prober.kill("SIGKILL");
  await agent.start();
  expect(agent.table()).toBe(before);
  await until(async () => (await healths(flowFarm.id)).length === 2);
  expect(await healths(flowFarm.id)).toEqual(["up", "down"]);
  // and what it told is told again: web may have been away
  const former = (await hello()).former?.flatMap(({ events }) => events) ?? [];
  expect(former.filter(({ kind }) => kind === "down")).toEqual(told);
});
