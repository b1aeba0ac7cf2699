/**
 * The prober as it runs: the bundle in dist/, without any right, in a network namespace of its own; the test speaks to it as the agent
 * does. Needs the bundles (`node server/start/build.mjs --bundles`).
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { healthCheckSchema } from "../core/farm/health-check.ts";
import { type ProbeResult, type ProberOrder, type ProbeTarget, proberReportSchema } from "../wire/prober.ts";
import { hasProgram, placeOf } from "./services.testing.ts";

const bundle = fileURLToPath(new URL("../../dist/prober.mjs", import.meta.url));
const isRoot = process.getuid?.() === 0;
const folder = mkdtempSync(`${tmpdir()}/sluice-prober-`);
const children: ChildProcess[] = [];
const servers: net.Server[] = [];
let holder = 0;

/** 10.90.0.0/24 answers, 10.91.0.0/24 swallows what it gets, 10.92.0.0/24 has no way */
const network = [
  "ip link set lo up",
  "ip route add local 10.90.0.0/24 dev lo",
  "ip route add local 10.91.0.0/24 dev lo",
  "ip addr add fd00:90::1/128 dev lo",
  "nft 'add table inet t; add chain inet t in { type filter hook input priority 0; }'",
  "nft 'add rule inet t in ip daddr 10.91.0.0/24 drop'",
];
const server =
  'require("net").createServer((s)=>{s.on("error",()=>{});s.end("HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")}).listen(80,"0.0.0.0",()=>console.log("ready"))';

beforeAll(async () => {
  chmodSync(folder, 0o755);
  if (hasProgram("fping")) copyFileSync(placeOf("fping") ?? "", `${folder}/fping`);
  const held = start("unshare", [isRoot ? "-n" : "-Urn", "sh", "-c", "echo ready; exec sleep 1000"]);
  await ready(held);
  holder = held.pid ?? 0;
  inside("sh", "-c", network.join(" && "));
  await ready(start("nsenter", [...into(), process.execPath, "-e", server]));
});
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  for (const each of servers) each.close();
  rmSync(folder, { recursive: true, force: true });
});

const target = (key: string, address: string, check: object, more: Partial<ProbeTarget> = {}): ProbeTarget => ({
  key,
  address,
  port: 80,
  intervalMs: 200,
  timeoutMs: 500,
  probe: { what: "check", check: healthCheckSchema.parse(check) },
  ...more,
});

describe.skipIf(!hasProgram("fping"))("ping (skipped without fping)", () => {
  const ping = (key: string, address: string) => target(key, address, { type: "ping" }, { port: null });
  const targets = [
    ping("well", "10.90.0.7"),
    ping("well6", "fd00:90::1"),
    ping("silent", "10.91.0.7"),
    ping("lost", "10.92.0.7"),
  ];

  test("both families are told from silence and from no way, without any right", async () => {
    inside("sysctl", "-qw", "net.ipv4.ping_group_range=0 0");
    const prober = await openProber({ SLUICE_FPING: `${folder}/fping` });
    prober.order({ type: "targets", targets });
    expect(await prober.first(targets.map(({ key }) => key))).toMatchObject({
      well: { error: null, tookUs: expect.any(Number) },
      well6: { error: null, tookUs: expect.any(Number) },
      silent: { error: "timeout", text: "no echo within 500 ms" },
      lost: { error: "unreachable", text: "no route to the host" },
    });
    prober.close();
  });

  test("a host that does not let us ping is not a backend that is down: the command is named", async () => {
    inside("sysctl", "-qw", "net.ipv4.ping_group_range=1 0");
    const prober = await openProber({ SLUICE_FPING: `${folder}/fping` });
    prober.order({ type: "targets", targets });
    const text = `ping is not allowed to group 0: sysctl -w net.ipv4.ping_group_range="0 2147483647"`;
    expect(await prober.first(["well"])).toMatchObject({ well: { error: "cannot-check", text } });
    prober.close();
  });

  test("nor is a host without fping", async () => {
    const prober = await openProber({ SLUICE_FPING: `${folder}/nothing` });
    prober.order({ type: "targets", targets });
    const text = "ping needs the program fping (Debian package fping)";
    expect(await prober.first(["well"])).toMatchObject({ well: { error: "cannot-check", text } });
    prober.close();
  });
});

test("thousands that swallow every packet delay nobody who answers; what may not be asked is refused here too", async () => {
  const prober = await openProber({});
  const hanging = Array.from({ length: 2000 }, (_, at) =>
    target(`hang-${at}`, `10.91.0.${1 + (at % 250)}`, { type: "http" }, { timeoutMs: 1000 }),
  );
  const well = Array.from({ length: 20 }, (_, at) =>
    target(`well-${at}`, `10.90.0.${1 + at}`, { type: "http", text: "ok" }, { timeoutMs: 3000 }),
  );
  const refused = [target("self", "127.0.0.1", { type: "http" }), target("meta", "169.254.169.254", { type: "http" })];
  prober.order({ type: "targets", targets: [...hanging, ...well, ...refused] });
  expect(await prober.first(["self", "meta", "hang-1"])).toMatchObject({
    self: { error: "cannot-check", text: "127.0.0.1 is a loopback address" },
    meta: { error: "cannot-check", text: "169.254.169.254 is link-local" },
    "hang-1": { error: "timeout", text: "no connection within 1000 ms" },
  });
  const keys = well.map(({ key }) => key);
  const seen = () => keys.map((key) => prober.results.filter((result) => result.key === key));
  await expect.poll(() => Math.min(...seen().map((results) => results.length))).toBeGreaterThan(5);
  expect(
    seen()
      .flat()
      .filter(({ error }) => error !== null),
  ).toEqual([]);
  prober.close();
});

type TestProber = {
  readonly results: ProbeResult[];
  order(order: ProberOrder): void;
  /** the first result of each key */
  first(keys: readonly string[]): Promise<Record<string, ProbeResult>>;
  close(): void;
};

async function openProber(env: Record<string, string>): Promise<TestProber> {
  const path = `${folder}/prober-${servers.length}.sock`;
  const results: ProbeResult[] = [];
  const listening = net.createServer();
  servers.push(listening);
  await new Promise<void>((resolve) => listening.listen(path, resolve));
  const connected = new Promise<net.Socket>((resolve) => listening.once("connection", resolve));
  const rights = ["setpriv", "--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all", "--no-new-privs"];
  const child = start("nsenter", [...into(), ...rights, process.execPath, bundle], {
    ...env,
    SLUICE_PROBER_SOCKET: path,
  });
  const socket = await connected;
  readReports(socket, results);
  return {
    results,
    order: (order) => void socket.write(`${JSON.stringify(order)}\n`),
    async first(keys) {
      const find = (wanted: string) => results.find(({ key }) => key === wanted);
      await expect.poll(() => keys.filter((key) => find(key) === undefined)).toEqual([]);
      return Object.fromEntries(results.toReversed().map((result) => [result.key, result]));
    },
    close: () => void child.kill("SIGTERM"),
  };
}

function readReports(socket: net.Socket, results: ProbeResult[]): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("error", () => undefined);
  socket.on("data", (piece: string) => {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) results.push(...proberReportSchema.parse(JSON.parse(line)).results);
  });
}

function into(): string[] {
  return ["-t", String(holder), ...(isRoot ? [] : ["-U", "--preserve-credentials"]), "-n"];
}

function inside(...command: string[]): void {
  execFileSync("nsenter", [...into(), ...command], { stdio: ["ignore", "ignore", "pipe"] });
}

function start(command: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const all = { PATH: process.env.PATH ?? "", NODE_ENV: "test" as const, ...env };
  const child = spawn(command, [...args], { env: all, stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  return child;
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`it ended with ${code}`)));
  });
}
