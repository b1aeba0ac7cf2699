/**
 * On-CPU time of what carries the connections: the servers, what runs in the balancer, and the kernel's own threads for packets. Most of the
 * kernel's work on a packet is done in the time of whoever sent it, so nothing of it is missing, and what else runs on the machine is not in it.
 */
import { readdirSync, readFileSync } from "node:fs";
import type { Hosts } from "./hosts.ts";

/** In microseconds, of the processes that live now; the client's is for who starts it. */
export function carriersUs(hosts: Hosts): number {
  const pids = [...hosts.pids("servers"), ...hosts.pids("balancer"), ...packetThreads()];
  return pids.reduce((sum, pid) => sum + onCpuUs(pid), 0);
}

/** Of a process, its children and all that have ended, in milliseconds; the kernel counts in ticks of ten. */
export function processTreeMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return ticks * 10 + childrenOf(pid).reduce((sum, child) => sum + processTreeMs(child), 0);
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
}

/** `time` of bash, as "user system" in seconds, is the last line. */
export function timedUs(text: string): number {
  const [user = Number.NaN, system = Number.NaN] = (text.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
  return (user + system) * 1_000_000;
}

function packetThreads(): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^[0-9]+$/.test(name)) return [];
    return textOf(`/proc/${name}/comm`).startsWith("ksoftirqd/") ? [Number(name)] : [];
  });
}

/** Of one process with all its threads. */
export function onCpuUs(pid: number): number {
  return tasksOf(pid).reduce((sum, task) => sum + Number(textOf(`${task}/schedstat`).split(" ")[0] ?? 0) / 1000, 0);
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}`);
  } catch {
    return [];
  }
}

/** "" when it is gone by now */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
