/**
 * Runs fping. Debian's file has a capability that this process may not take up, so the launcher names a copy without it. Addresses go in
 * on stdin. `-S` with "any" looks needless, but fping 5.1 finds its own echoes on datagram sockets only when it has bound them.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { parsePingLine } from "./ping-lines.ts";
import type { RunPing } from "./pinger.ts";

const outputBytesMax = 4 * 1024 * 1024;
/** fping ends by itself; this is for one that does not */
const slackMs = 2000;
const rangeFile = "/proc/sys/net/ipv4/ping_group_range";

export function fpingRunner(program: string): RunPing {
  return (addresses, timeoutMs, { onLine, onEnd }) => {
    const args = ["-S", "0.0.0.0", "-S", "::", "-r", "0", "-e", "-i", "0", "-t", String(timeoutMs)];
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], env: environment() });
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs + slackMs);
    let problem: string | null = null;
    readLines(child, (line) => {
      const parsed = parsePingLine(line);
      if (parsed !== null) onLine(parsed);
      else if (line.includes("can't create socket")) problem = socketProblem();
    });
    child.on("error", (error) => {
      problem = startProblem("code" in error ? String(error.code) : "");
      // without a process there is no "close"
      if (child.pid === undefined) end();
    });
    child.on("close", end);
    function end(): void {
      clearTimeout(timer);
      onEnd(problem);
    }
    child.stdin.on("error", () => undefined);
    child.stdin.end(addresses.map((address) => `${address}\n`).join(""));
    return { stop: () => void child.kill("SIGKILL") };
  };
}

/** Nothing but what finds it. */
function environment(): NodeJS.ProcessEnv {
  return Object.assign(Object.create(null), { PATH: process.env.PATH });
}

function readLines(child: ChildProcess, take: (line: string) => void): void {
  let seen = 0;
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream?.setEncoding("latin1");
    stream?.on("data", (piece: string) => {
      seen += piece.length;
      if (seen > outputBytesMax) return void child.kill("SIGKILL");
      const lines = (rest + piece).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) take(line);
    });
  }
}

function startProblem(code: string): string {
  if (code === "ENOENT") return "ping needs the program fping (Debian package fping)";
  if (code === "EPERM" || code === "EACCES")
    return "fping cannot be run: its file has a capability that checks do not have; the launcher makes a copy without";
  return "fping cannot be run";
}

/** Says what to type, for the kernel's setting is the host owner's. */
function socketProblem(): string {
  const groups = [process.getgid?.() ?? 0, ...(process.getgroups?.() ?? [])];
  const [from = 1, to = 0] = readRange();
  if (groups.some((gid) => gid >= from && gid <= to)) return "fping cannot open a socket for ping";
  return `ping is not allowed to group ${groups[0]}: sysctl -w net.ipv4.ping_group_range="0 2147483647"`;
}

function readRange(): number[] {
  try {
    return readFileSync(rangeFile, "utf8").trim().split(/\s+/).map(Number);
  } catch {
    return [];
  }
}
