/**
 * One fixed command, run again and again by a small shell that lives long. Starting a process from a large one stops the whole agent
 * until the child runs; the shell is small, so its children start beside us. The command is fixed when the shell starts: nothing of
 * anybody's making is ever written to it.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { processEnv } from "./run-process.ts";

export type LoopedCommand = {
  /** runs once; the pieces of its output go to `onOutput`. false = it failed, hung, or the shell died */
  run(onOutput: (piece: string) => void, timeoutMs: number): Promise<boolean>;
  stop(): void;
};

type Shell = ChildProcessByStdio<Writable, Readable, null>;

const script = 'while read -r go; do "$@" 2>/dev/null; echo "SluiceEnd $?"; done';
const endPattern = /(?:^|\n)SluiceEnd ([0-9]+)\n$/;
const endLengthMax = 20;

export function createLoopedCommand(command: readonly string[], onLost: (text: string) => void): LoopedCommand {
  let shell: Shell | null = null;
  let settle: ((isOk: boolean) => void) | null = null;
  let take: (piece: string) => void = () => undefined;

  function finish(isOk: boolean): void {
    const waiting = settle;
    settle = null;
    waiting?.(isOk);
  }

  /** The shell leads a group of its own: a command that hangs ends with it. */
  function drop(gone: Shell, text: string): void {
    if (shell !== gone) return;
    shell = null;
    killGroup(gone.pid);
    onLost(text);
    finish(false);
  }

  function start(): Shell {
    const started = spawn("nice", ["-n", "10", "sh", "-c", script, "sh", ...command], {
      stdio: ["pipe", "pipe", "ignore"],
      env: processEnv(),
      cwd: "/",
      detached: true,
    });
    let tail = "";
    started.stdout.setEncoding("latin1");
    started.stdout.on("data", (piece: string) => {
      const text = tail + piece;
      const end = endPattern.exec(text.slice(-endLengthMax));
      const keep = end === null ? endLengthMax : end[0].length;
      take(text.slice(0, -keep));
      tail = end === null ? text.slice(-keep) : "";
      if (end !== null) {
        if (end[0].startsWith("\n")) take("\n");
        finish(end[1] === "0");
      }
    });
    started.stdin.on("error", () => drop(started, "its input was closed"));
    started.on("error", (error) => drop(started, error.message));
    started.on("exit", (code, signal) => drop(started, `ended (${signal ?? code})`));
    shell = started;
    return started;
  }

  return {
    run(onOutput, timeoutMs) {
      if (settle !== null) return Promise.resolve(false);
      return new Promise((resolve) => {
        const target = shell ?? start();
        const timer = setTimeout(() => drop(target, `no answer within ${timeoutMs} ms`), timeoutMs);
        take = onOutput;
        settle = (isOk) => {
          clearTimeout(timer);
          resolve(isOk);
        };
        target.stdin.write("go\n");
      });
    },
    stop() {
      const last = shell;
      shell = null;
      if (last !== null) killGroup(last.pid);
      finish(false);
    },
  };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // it is gone already
  }
}
