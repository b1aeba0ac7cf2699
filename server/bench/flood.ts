/**
 * About 5,000 new connections a second for as long as something else is measured: waves of `ab`, one each 200 ms (or as soon as the one before
 * is over), added up.
 */
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { Hosts } from "./hosts.ts";
import { failedIn } from "./sample.ts";

type Flooded = {
  readonly connections: number;
  readonly lost: number;
  /** a dropped SYN, in the client's kernel */
  readonly synsAgain: number;
  readonly longestMs: number;
  readonly tookMs: number;
};
export type Flood = { stop(): Promise<Flooded> };

const wave = 1000;
const waveMs = 200;
const parallel = 8;
/** at thousands a second, ended connections would else fill the table of all */
const shortTimeWait = "net.netfilter.nf_conntrack_tcp_timeout_time_wait=10";

/** Each wave goes to the next of the addresses. */
export async function startFlood(hosts: Hosts, addresses: readonly string[]): Promise<Flood> {
  await hosts.run("balancer", ["sysctl", "-q", "-w", shortTimeWait]);
  const total = { connections: 0, lost: 0, longestMs: 0 };
  const before = await synsAgain(hosts);
  const startedMs = performance.now();
  let isOver = false;
  const flooding = (async () => {
    for (let dueMs = startedMs, at = 0; !isOver; dueMs = Math.max(dueMs + waveMs, performance.now()), at++) {
      await wait(Math.max(0, dueMs - performance.now()));
      const text = await hosts.run("client", [
        "ab",
        "-q",
        "-r",
        "-n",
        `${wave}`,
        "-c",
        `${parallel}`,
        `http://${addresses[at % addresses.length]}/`,
      ]);
      total.connections += countIn(text, /Complete requests:\s+([0-9]+)/);
      total.lost += failedIn(text, wave);
      total.longestMs = Math.max(total.longestMs, countIn(text, /100%\s+([0-9]+)/));
    }
  })();
  // an end before stop() is told by stop()
  flooding.catch(() => undefined);
  return {
    async stop() {
      isOver = true;
      await flooding;
      const tookMs = performance.now() - startedMs;
      return { ...total, tookMs, synsAgain: (await synsAgain(hosts)) - before };
    },
  };
}

async function synsAgain(hosts: Hosts): Promise<number> {
  return synRetransmits(await hosts.run("client", ["cat", "/proc/net/netstat"]));
}

/** `/proc/net/netstat`: a line of names, then a line of numbers, per protocol. */
export function synRetransmits(netstat: string): number {
  const [names = [], numbers = []] = netstat
    .split("\n")
    .filter((line) => line.startsWith("TcpExt:"))
    .map((line) => line.split(" "));
  return Number(numbers[names.indexOf("TCPSynRetrans")] ?? Number.NaN);
}

function countIn(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0);
}
