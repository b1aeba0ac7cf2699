/**
 * The prober at full load: the bench speaks to it as the agent does, and reads from its results how many checks it made and how late they
 * began. The backends are thousands of addresses of one nginx, which also answers TLS and, as a file with trailers, gRPC's health service.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { healthCheckSchema } from "../core/farm/health-check.ts";
import { rightsArgv } from "../lab/rights.ts";
import { type ProbeResult, type ProberOrder, proberReportSchema } from "../wire/prober.ts";
import { type Hosts, openHosts } from "./hosts.ts";
import { percentile, type Row } from "./table.ts";

type Kind = {
  readonly name: string;
  readonly check: Readonly<Record<string, unknown>>;
  readonly port: number | null;
  readonly backends: number;
};
type Options = { readonly backends: number; readonly heavyBackends: number; readonly forS: number };

const bundle = fileURLToPath(new URL("../../dist/prober.mjs", import.meta.url));
const ports = { http: 80, tls: 443, grpc: 50_051 };
const intervalMs = 1000;
const warmUpMs = 3000;
/** of the jiffies in /proc/PID/stat */
const ticksPerS = 100;

export async function benchChecks({ backends, heavyBackends, forS }: Options): Promise<Row[]> {
  const kinds: readonly Kind[] = [
    { name: "ping", check: { type: "ping" }, port: null, backends },
    { name: "TCP", check: { type: "tcp" }, port: ports.http, backends },
    { name: "HTTP", check: { type: "http", text: "ok" }, port: ports.http, backends },
    { name: "TLS", check: { type: "tls" }, port: ports.tls, backends: heavyBackends },
    { name: "HTTPS", check: { type: "https", text: "ok" }, port: ports.tls, backends: heavyBackends },
    { name: "gRPC", check: { type: "grpc" }, port: ports.grpc, backends: heavyBackends },
  ];
  const hosts = openHosts();
  try {
    startMoreServers(hosts);
    await hosts.run("balancer", ["sysctl", "-q", "-w", "net.ipv4.ping_group_range=0 2147483647"]);
    const rows: Row[] = [];
    for (const kind of kinds) rows.push(await measure(hosts, kind, forS));
    return rows;
  } finally {
    hosts.close();
  }
}

async function measure(hosts: Hosts, kind: Kind, forS: number): Promise<Row> {
  const prober = await openProber(hosts);
  try {
    prober.order({ type: "targets", targets: targetsOf(hosts, kind) });
    await wait(warmUpMs);
    prober.take();
    const [beforeS, startedMs] = [cpuS(prober.pid), performance.now()];
    await wait(forS * 1000);
    const [usedS, passedS] = [cpuS(prober.pid) - beforeS, (performance.now() - startedMs) / 1000];
    const results = prober.take();
    const good = results.filter(({ error }) => error === null);
    const tookMs = good.map(({ tookUs }) => (tookUs ?? 0) / 1000);
    const lateMs = lateness(results);
    return {
      name: kind.name,
      figures: {
        backends: String(kind.backends),
        "checks/s": (results.length / passedS).toFixed(0),
        failed: failedText(results),
        "CPU % of a core": ((100 * usedS) / passedS).toFixed(0),
        "us of CPU a check": ((1e6 * usedS) / results.length).toFixed(0),
        "late p50 ms": percentile(lateMs, 50).toFixed(0),
        "late p99 ms": percentile(lateMs, 99).toFixed(0),
        "took p50 ms": percentile(tookMs, 50).toFixed(1),
        "took p99 ms": percentile(tookMs, 99).toFixed(1),
        "RSS MB": (rssKb(prober.pid) / 1024).toFixed(0),
      },
    };
  } finally {
    await prober.close();
  }
}

/** How many, and what the first of them says. */
function failedText(results: readonly ProbeResult[]): string {
  const failed = results.filter(({ error }) => error !== null);
  return failed.length === 0 ? "0" : `${failed.length}: ${failed[0]?.text}`;
}

function targetsOf(hosts: Hosts, { check, port, backends }: Kind) {
  const probe = { what: "check", check: healthCheckSchema.parse(check) } as const;
  return hosts
    .backends(backends)
    .map((address, at) => ({ key: `${at}:check`, address, port, intervalMs, timeoutMs: 1000, probe }));
}

/** Each target has its own rhythm; its earliest start tells where in the second that is, the others how late they were. */
function lateness(results: readonly ProbeResult[]): number[] {
  const byKey = new Map<string, number[]>();
  for (const { key, at } of results) byKey.set(key, [...(byKey.get(key) ?? []), at]);
  return [...byKey.values()].flatMap((starts) => {
    const [first = 0] = starts;
    const offsets = starts.map((at) => at - first - Math.round((at - first) / intervalMs) * intervalMs);
    const earliest = Math.min(...offsets);
    return offsets.map((offset) => offset - earliest);
  });
}

type Prober = {
  readonly pid: number;
  order(order: ProberOrder): void;
  /** the results since the last time */
  take(): ProbeResult[];
  close(): Promise<void>;
};

/** The bundle, without any right, as the launcher starts it. */
async function openProber(hosts: Hosts): Promise<Prober> {
  const socketPath = join(hosts.folder, "prober.sock");
  const fping = join(hosts.folder, "fping");
  // a plain copy has no file capability
  execFileSync("cp", ["/usr/bin/fping", fping]);
  let results: ProbeResult[] = [];
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const connected = new Promise<net.Socket>((resolve) => server.once("connection", resolve));
  const env = ["env", "NODE_ENV=production", `SLUICE_PROBER_SOCKET=${socketPath}`, `SLUICE_FPING=${fping}`];
  const child = hosts.start("balancer", [...env, ...rightsArgv("prober", null), process.execPath, bundle]);
  const socket = await connected;
  socket.on("error", () => undefined);
  readLines(socket, (line) => {
    results.push(...proberReportSchema.parse(JSON.parse(line)).results);
  });
  return {
    pid: child.pid ?? 0,
    order: (order) => void socket.write(`${JSON.stringify(order)}\n`),
    take() {
      const taken = results;
      results = [];
      return taken;
    },
    async close() {
      await hosts.stop(child);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function readLines(socket: net.Socket, take: (line: string) => void): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (piece: string) => {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  });
}

/** With its children that have ended: every fping. */
function cpuS(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerS;
}

function rssKb(pid: number): number {
  return Number(/VmRSS:\s+([0-9]+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

function startMoreServers(hosts: Hosts): void {
  const at = (name: string) => join(hosts.folder, name);
  const [key, cert, root] = [at("tls.key"), at("tls.pem"), at("grpc")];
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key];
  execFileSync("openssl", ["req", "-x509", ...newKey, "-out", cert, "-days", "30", "-subj", "/CN=bench"], {
    stdio: "ignore",
  });
  // workers have another user
  chmodSync(hosts.folder, 0o755);
  mkdirSync(join(root, "grpc.health.v1.Health"), { recursive: true });
  // one message of two bytes: status SERVING
  writeFileSync(join(root, "grpc.health.v1.Health", "Check"), Buffer.from([0, 0, 0, 0, 2, 8, 1]));
  writeFileSync(
    at("more.conf"),
    `daemon off; worker_processes 1; pid ${at("more.pid")}; error_log ${at("more.log")} crit;
events { worker_connections 8192; }
http { access_log off; keepalive_timeout 0;
  server { listen ${ports.tls} ssl backlog=8192; ssl_certificate ${cert}; ssl_certificate_key ${key};
    location / { return 200 "ok\\n"; } }
  server { listen ${ports.grpc} http2 backlog=8192; root ${root}; default_type application/grpc; add_trailer grpc-status 0;
    location / { error_page 405 =200 $uri; } }
}\n`,
  );
  hosts.start("servers", ["nginx", "-c", at("more.conf"), "-e", at("more.log")]);
}
