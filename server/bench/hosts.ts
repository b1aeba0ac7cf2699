/**
 * Three hosts of the bench's own, as network namespaces: client - balancer - servers. The servers' host carries every backend address, and an
 * nginx that answers "ok" and closes. Nothing leaves the namespaces; `close` takes them away with all that runs in them.
 */
import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Host = "client" | "balancer" | "servers";

export type Hosts = {
  readonly folder: string;
  readonly vip: string;
  readonly backends: readonly string[];
  /** Runs a program in a host and waits for it; throws with its stderr when it fails. */
  run(host: Host, argv: readonly string[], input?: string): Promise<string>;
  /** Starts a program in a host and returns its pid; `close` ends it. */
  start(host: Host, argv: readonly string[]): number;
  stop(pid: number): void;
  close(): void;
};

const ports = { worker_connections: 8192 };

export function openHosts(backendCount: number): Hosts {
  const prefix = `sl-bench-${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), "sluice-bench-"));
  const name = (host: Host) => `${prefix}-${host}`;
  const vip = "192.168.61.40";
  const backends = Array.from({ length: backendCount }, (_, i) => `10.62.${1 + Math.floor(i / 250)}.${1 + (i % 250)}`);
  const started = new Set<number>();
  for (const host of ["client", "balancer", "servers"] as const) ip("netns", "add", name(host));
  link(name("client"), "c0", "10.61.0.2/24", name("balancer"), "c1", "10.61.0.1/24");
  link(name("servers"), "s0", "10.62.0.2/16", name("balancer"), "s1", "10.62.0.1/16");
  ip("-n", name("client"), "route", "add", "default", "via", "10.61.0.1");
  ip("-n", name("servers"), "route", "add", "10.61.0.0/16", "via", "10.62.0.1");
  ip("-n", name("balancer"), "addr", "add", `${vip}/32`, "dev", "lo");
  ip("-n", name("balancer"), "link", "set", "lo", "up");
  for (const address of backends) ip("-n", name("servers"), "addr", "add", `${address}/16`, "dev", "s0");
  for (const host of ["client", "balancer", "servers"] as const) sysctl(name(host), tuning[host]);

  const hosts: Hosts = {
    folder,
    vip,
    backends,
    run: (host, argv, input) => execIn(name(host), argv, input),
    start(host, argv) {
      const child = spawn("ip", ["netns", "exec", name(host), ...argv], { stdio: "ignore" });
      if (child.pid === undefined) throw new Error(`cannot start ${argv[0]}`);
      started.add(child.pid);
      return child.pid;
    },
    stop(pid) {
      started.delete(pid);
      kill(pid);
    },
    close() {
      for (const pid of started) kill(pid);
      for (const host of ["client", "balancer", "servers"] as const) ip("netns", "del", name(host));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  startServers(hosts);
  return hosts;
}

const tuning = {
  client: ["net.ipv4.ip_local_port_range=1024 65535", "net.ipv4.tcp_tw_reuse=1"],
  balancer: ["net.ipv4.ip_forward=1", "net.ipv4.ip_local_port_range=1024 65535", "net.ipv4.tcp_tw_reuse=1"],
  servers: ["net.core.somaxconn=8192", "net.ipv4.tcp_max_syn_backlog=8192"],
} as const;

function startServers(hosts: Hosts): void {
  const conf = join(hosts.folder, "nginx.conf");
  writeFileSync(
    conf,
    `daemon off; worker_processes 1; pid ${hosts.folder}/nginx.pid; error_log ${hosts.folder}/nginx.log crit;
events { worker_connections ${ports.worker_connections}; }
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

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
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
