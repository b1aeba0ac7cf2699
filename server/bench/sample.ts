/**
 * One sample of new connections: two `ab` at once, one connection a request, 50 in parallel, through one peer in a fresh balancer. A single
 * `ab` is the narrowest place of all: the kernel forwards its packets in its own time, a proxy does so on another core, and what is measured
 * is that core alone. CPU is the time of clients, servers, proxy and kernel (see cpu.ts); before it starts the machine is waited for, a second
 * at most, until it is at rest.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { carriersUs, timedUs } from "./cpu.ts";
import type { Hosts } from "./hosts.ts";
import type { Site } from "./peer-configs.ts";
import type { Peer } from "./peers.ts";

export type Sample = { readonly perS: number; readonly p99Ms: number; readonly cpuUs: number; readonly failed: number };

const warmUp = 500;
const clients = 2;
const parallel = 50;

export async function sampleOf(hosts: Hosts, peer: Peer, site: Site, connections: number): Promise<Sample> {
  hosts.renewBalancer();
  const tearDown = await peer.setUp(hosts, site);
  try {
    await hosts.run("client", ab(peer.target(site), warmUp));
    await restOfMachine();
    return await connectAll(hosts, peer.target(site), connections);
  } finally {
    await tearDown?.();
  }
}

/** `connections` new ones to an address, as fast as they go; p99 is of the client that waited longer. */
export async function connectAll(hosts: Hosts, address: string, connections: number): Promise<Sample> {
  const before = carriersUs(hosts);
  const each = Array.from({ length: clients }, (_, at) => connect(hosts, address, connections / clients, at));
  const told = await Promise.all(each);
  return {
    cpuUs: (sum(told.map(({ ownUs }) => ownUs)) + carriersUs(hosts) - before) / connections,
    perS: connections / Math.max(...told.map(({ tookS }) => tookS)),
    failed: sum(told.map(({ failed }) => failed)),
    p99Ms: Math.max(...told.map(({ p99Ms }) => p99Ms)),
  };
}

async function connect(hosts: Hosts, address: string, connections: number, at: number) {
  const csv = join(hosts.folder, `ab-${at}.csv`);
  const timed = ["bash", "-c", 'TIMEFORMAT="%U %S"; { time "$@" 2>/dev/null; } 2>&1', "ab"];
  const text = await hosts.run("client", [...timed, ...ab(address, connections, "-e", csv)]);
  return {
    ownUs: timedUs(text),
    tookS: number(text, /Time taken for tests:\s+([0-9.]+)/),
    failed: failedIn(text, connections),
    p99Ms: p99(readFileSync(csv, "utf8")),
  };
}

function ab(address: string, connections: number, ...more: string[]): string[] {
  return ["ab", "-q", "-r", "-n", String(connections), "-c", String(parallel / clients), ...more, `http://${address}/`];
}

const answerBytes = "ok\n".length;

/** `ab` takes an empty answer for an answer; who closes without one has failed. */
export function failedIn(text: string, connections: number): number {
  const silent = connections - number(text, /HTML transferred:\s+([0-9]+)/) / answerBytes;
  return Math.max(number(text, /Failed requests:\s+([0-9]+)/), Math.ceil(silent));
}

const restPct = 12;
const restTries = 4;
const lookMs = 200;

/** Others may use the machine too: a sample begins when they pause, or after a second. */
async function restOfMachine(): Promise<void> {
  for (let tries = 0; tries < restTries; tries++) {
    const before = busyUs();
    await wait(lookMs);
    if ((busyUs() - before) / (lookMs * 1000) < restPct / 100) return;
  }
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
  const line = csv.split("\n").find((text) => text.startsWith("99,"));
  return Number(line?.split(",")[1] ?? Number.NaN);
}

function number(text: string, pattern: RegExp): number {
  const found = pattern.exec(text);
  if (found === null) throw new Error(`no ${pattern.source} in: ${text.slice(0, 300)}`);
  return Number(found[1]);
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
