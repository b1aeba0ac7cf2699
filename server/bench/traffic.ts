/**
 * New connections/s, p99 and CPU per connection through each peer: one connection a request, 50 in parallel, the peers in random order within every
 * round, so that a busy moment of the machine hits all alike. CPU is what the whole machine spent (client, servers, kernel), so run it on an idle one.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Hosts, openHosts } from "./hosts.ts";
import { type Peer, peers } from "./peers.ts";
import type { Row } from "./table.ts";
import { median, spreadPct } from "./table.ts";

type Sample = { readonly perS: number; readonly p99Ms: number; readonly cpuUs: number; readonly failed: number };

export async function benchTraffic(options: { backends: number; rounds: number; connections: number }): Promise<Row[]> {
  const hosts = openHosts(options.backends);
  const samples = new Map<string, Sample[]>(peers.map((peer) => [peer.name, []]));
  try {
    for (let round = 0; round < options.rounds; round++) {
      for (const peer of shuffled(peers)) samples.get(peer.name)?.push(await measure(hosts, peer, options.connections));
    }
  } finally {
    hosts.close();
  }
  return [...samples].map(([name, list]) => row(name, list, samples));
}

async function measure(hosts: Hosts, peer: Peer, connections: number): Promise<Sample> {
  const tearDown = await peer.setUp(hosts);
  const csv = join(hosts.folder, "ab.csv");
  try {
    await hosts.run("client", ["ab", "-q", "-r", "-n", "500", "-c", "50", `http://${peer.target(hosts)}/`]);
    const before = busyUs();
    const text = await hosts.run("client", [
      "ab",
      "-q",
      "-r",
      "-n",
      String(connections),
      "-c",
      "50",
      "-e",
      csv,
      `http://${peer.target(hosts)}/`,
    ]);
    const cpuUs = (busyUs() - before) / connections;
    return {
      perS: number(text, /Requests per second:\s+([0-9.]+)/),
      failed: number(text, /Failed requests:\s+([0-9]+)/),
      p99Ms: p99(csv),
      cpuUs,
    };
  } finally {
    await tearDown();
    await hosts.run("balancer", ["conntrack", "-F"]).catch(() => "");
  }
}

function row(name: string, list: readonly Sample[], all: ReadonlyMap<string, readonly Sample[]>): Row {
  const perS = median(list.map((s) => s.perS));
  const nftlb = all.get("nftlb") ?? [];
  const ratios = list.map((sample, i) => sample.perS / (nftlb[i]?.perS ?? Number.NaN));
  return {
    name: `traffic: ${name}`,
    figures: {
      "conn/s": perS.toFixed(0),
      "x nftlb": median(ratios).toFixed(2),
      "spread %": spreadPct(ratios).toFixed(0),
      "p99 ms": median(list.map((s) => s.p99Ms)).toFixed(2),
      "CPU us/conn": median(list.map((s) => s.cpuUs)).toFixed(0),
      failed: String(list.reduce((sum, s) => sum + s.failed, 0)),
    },
  };
}

/** CPU time of the whole machine spent on anything but idling, in microseconds, from the first line of /proc/stat. */
function busyUs(): number {
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (
    readFileSync("/proc/stat", "utf8").split("\n")[0] ?? ""
  )
    .split(/\s+/)
    .map(Number);
  return (user + nice + system + irq + softirq) * 10_000;
}

function p99(csv: string): number {
  const line = readFileSync(csv, "utf8")
    .split("\n")
    .find((text) => text.startsWith("99,"));
  return Number(line?.split(",")[1] ?? Number.NaN);
}

function number(text: string, pattern: RegExp): number {
  const found = pattern.exec(text);
  if (found === null) throw new Error(`no ${pattern.source} in: ${text.slice(0, 300)}`);
  return Number(found[1]);
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
