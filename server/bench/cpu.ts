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
