/**
 * Three hosts of the bench's own, as network namespaces: client - balancer - servers. The servers' host carries every backend address, and an
 * nginx that answers "ok" and closes. Backends and VIPs are whole networks on a loopback, so a thousand of them cost no more than one (and fill no
 * neighbour table). Nothing leaves the namespaces; `close` takes them away with all that runs in them.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Host = "client" | "balancer" | "servers";
const names: readonly Host[] = ["client", "balancer", "servers"];

export type Hosts = {
  readonly folder: string;
  /** addresses that the balancer carries, and that clients reach through it */
  vips(count: number): string[];
  /** addresses that the servers answer on */
  backends(count: number): string[];
  /** Runs a program in a host and waits for it; throws with its stderr when it fails. */
  run(host: Host, argv: readonly string[], input?: string): Promise<string>;
  /** Starts a program in a host; `close` ends it. */
  start(host: Host, argv: readonly string[]): ChildProcess;
  /** What runs in a host now. */
  pids(host: Host): number[];
  stop(child: ChildProcess): Promise<void>;
  /** A balancer as after a boot: hooks and tables of whoever ran before are gone. Stop what runs in it first. */
  renewBalancer(): void;
  /** Servers answer clients past the balancer, and have the VIPs; until it is removed. */
  addDirectWay(): void;
  removeDirectWay(): void;
  close(): void;
};

const workerConnections = 8192;
const networks = { vips: "172.20.0.0/16", backends: "10.63.0.0/16", clients: "10.61.0.0/24" };

export function openHosts(): Hosts {
  const folder = mkdtempSync(join(tmpdir(), "sluice-bench-"));
  const name = (host: Host) => `sl-bench-${process.pid}-${host}`;
  const started = new Set<ChildProcess>();
  for (const host of names) ip("netns", "add", name(host));
  for (const host of ["client", "servers"] as const) sysctl(name(host), tuning[host]);
  connect(name);
  const hosts: Hosts = {
    folder,
    vips: (count) => addresses("172.20", count),
    backends: (count) => addresses("10.63", count),
    run: (host, argv, input) => execIn(name(host), argv, input),
    start(host, argv) {
      const child = spawn("ip", ["netns", "exec", name(host), ...argv], { stdio: ["ignore", "pipe", "ignore"] });
      child.once("exit", () => started.delete(child));
      started.add(child);
      return child;
    },
    pids: (host) => pidsIn(name(host)),
    stop: (child) => ended(child, started),
    renewBalancer() {
      // a namespace goes when the kernel has time, its links would stay until then
      ip("-n", name("client"), "link", "del", "c0");
      ip("-n", name("servers"), "link", "del", "s0");
      ip("netns", "del", name("balancer"));
      ip("netns", "add", name("balancer"));
      connect(name);
    },
    addDirectWay: () => addDirectWay(name("client"), name("servers")),
    removeDirectWay() {
      ip("-n", name("servers"), "route", "del", "local", networks.vips, "dev", "lo");
      ip("-n", name("client"), "link", "del", "d0");
    },
    close() {
      process.off("exit", hosts.close);
      // a master that is killed leaves its workers
      for (const host of names) for (const pid of pidsIn(name(host))) kill(pid);
      for (const host of names) ip("netns", "del", name(host));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  process.on("exit", hosts.close);
  startServers(hosts);
  return hosts;
}

/** x.y.0.1 and on */
function addresses(network: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${network}.${Math.floor(i / 250)}.${1 + (i % 250)}`);
}

/** Both links of the balancer, and the ways over them. What is there of them already goes first. */
function connect(name: (host: Host) => string): void {
  link(name("client"), "c0", "10.61.0.2/24", name("balancer"), "c1", "10.61.0.1/24");
  link(name("servers"), "s0", "10.62.0.2/24", name("balancer"), "s1", "10.62.0.1/24");
  sysctl(name("balancer"), tuning.balancer);
  ip("-n", name("client"), "route", "add", "default", "via", "10.61.0.1");
  ip("-n", name("servers"), "route", "replace", networks.clients, "via", "10.62.0.1");
  ip("-n", name("servers"), "route", "replace", "local", networks.backends, "dev", "lo");
  ip("-n", name("balancer"), "route", "add", networks.backends, "via", "10.62.0.2");
  ip("-n", name("balancer"), "link", "set", "lo", "up");
  ip("-n", name("balancer"), "route", "add", "local", networks.vips, "dev", "lo");
}

function addDirectWay(client: string, servers: string): void {
  link(client, "d0", "10.60.0.2/24", servers, "d1", "10.60.0.1/24");
  sysctl(client, ["net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.d0.rp_filter=0"]);
  ip("-n", servers, "route", "add", "10.61.0.2/32", "via", "10.60.0.2");
  ip("-n", servers, "route", "add", "local", networks.vips, "dev", "lo");
}

function ended(child: ChildProcess, started: Set<ChildProcess>): Promise<void> {
  if (!started.has(child)) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

/**
 * The servers are asked by one client through VIP after VIP. With timestamps of an own offset for each VIP, a port that comes again would look older
 * than the connection a server still remembers in TIME_WAIT, and its SYN wait a second for an answer.
 */
const oneClock = "net.ipv4.tcp_timestamps=2";

const tuning = {
  client: ["net.ipv4.ip_local_port_range=1024 65535", "net.ipv4.tcp_tw_reuse=1", oneClock],
  balancer: ["net.ipv4.ip_forward=1", "net.ipv4.ip_local_port_range=1024 65535", "net.ipv4.tcp_tw_reuse=1", oneClock],
  servers: ["net.core.somaxconn=8192", "net.ipv4.tcp_max_syn_backlog=8192"],
} as const;

function startServers(hosts: Hosts): void {
  const conf = join(hosts.folder, "nginx.conf");
  writeFileSync(
    conf,
    `daemon off; worker_processes 1; pid ${hosts.folder}/nginx.pid; error_log ${hosts.folder}/nginx.log crit;
events { worker_connections ${workerConnections}; }
http { access_log off; keepalive_timeout 0; server { listen 80 backlog=8192; location / { default_type text/plain; return 200 "ok\\n"; } } }\n`,
  );
  hosts.start("servers", ["nginx", "-c", conf]);
}

function link(a: string, deviceA: string, addressA: string, b: string, deviceB: string, addressB: string): void {
  ip("link", "add", deviceA, "netns", a, "type", "veth", "peer", "name", deviceB, "netns", b);
  for (const [host, device, address] of [
    [a, deviceA, addressA],
    [b, deviceB, addressB],
  ] as const) {
    ip("-n", host, "addr", "add", address, "dev", device);
    ip("-n", host, "link", "set", device, "up");
  }
}

function ip(...argv: string[]): void {
  execFileSync("ip", argv, { stdio: ["ignore", "ignore", "pipe"] });
}

function sysctl(host: string, settings: readonly string[]): void {
  execFileSync("ip", ["netns", "exec", host, "sysctl", "-q", "-w", ...settings], {
    stdio: ["ignore", "ignore", "pipe"],
  });
}

function pidsIn(host: string): number[] {
  const listed = execFileSync("ip", ["netns", "pids", host], { encoding: "utf8" });
  return listed.split("\n").filter(Boolean).map(Number);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it had ended by itself
  }
}

function execIn(host: string, argv: readonly string[], input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      "ip",
      ["netns", "exec", host, ...argv],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        error === null
          ? resolve(stdout)
          : reject(new Error(`${argv.join(" ").slice(0, 200)}: ${stderr.slice(0, 400) || error.message}`)),
    );
    // who does not read its input may have ended by now; what it answered counts
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input ?? "");
  });
}
