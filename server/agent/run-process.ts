/**
 * A process that runs once, bounded in time and output. Every listing, check and conntrack command goes through it: a hang ends with
 * SIGKILL and a value, never with a stuck agent.
 */
import { type ChildProcess, spawn } from "node:child_process";

type RunResult = {
  readonly status: "ok" | "failed" | "timeout" | "too-much" | "missing";
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
};

type RunOptions = {
  readonly input?: string;
  readonly timeoutMs: number;
  readonly outputBytesMax?: number;
  /** called with each piece of stdout instead of collecting it */
  readonly onStdout?: (piece: string) => void;
};

export type RunProcess = (command: string, args: readonly string[], options: RunOptions) => Promise<RunResult>;

const outputBytesDefault = 256 * 1024 * 1024;
const stderrBytesMax = 64 * 1024;

export function createRunProcess(now: () => number): RunProcess {
  return (command, args, options) => run(now, command, args, options);
}

function run(now: () => number, command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const startedAt = now();
  return new Promise((resolve) => {
    const child = spawn(command, [...args], { stdio: ["pipe", "pipe", "pipe"], env: processEnv() });
    const out = collect(child, options, () => finish("too-much", null));
    const timer = setTimeout(() => finish("timeout", null), options.timeoutMs);
    let done = false;
    function finish(status: RunResult["status"], code: number | null): void {
      if (done) return;
      done = true;
      clearTimeout(timer);
      if (status === "timeout" || status === "too-much") child.kill("SIGKILL");
      resolve({ status, code, stdout: out.stdout.join(""), stderr: out.stderr, durationMs: now() - startedAt });
    }
    child.on("error", () => finish("missing", null));
    child.on("close", (code) => finish(code === 0 ? "ok" : "failed", code));
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input ?? "");
  });
}

function collect(child: ChildProcess, options: RunOptions, tooMuch: () => void): { stdout: string[]; stderr: string } {
  const out = { stdout: [] as string[], stderr: "" };
  let bytes = 0;
  child.stdout?.setEncoding("latin1");
  child.stdout?.on("data", (piece: string) => {
    bytes += piece.length;
    if (bytes > (options.outputBytesMax ?? outputBytesDefault)) return tooMuch();
    if (options.onStdout === undefined) out.stdout.push(piece);
    else options.onStdout(piece);
  });
  child.stderr?.setEncoding("utf8");
  child.stderr?.on("data", (piece: string) => {
    if (out.stderr.length < stderrBytesMax) out.stderr += piece;
  });
  return out;
}

/** nft and conntrack need a path and nothing of the caller's; an interactive nft would write its history into a home. */
export function processEnv(): NodeJS.ProcessEnv {
  return {
    NODE_ENV: "production",
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    LC_ALL: "C",
    HOME: "/nonexistent",
  };
}
