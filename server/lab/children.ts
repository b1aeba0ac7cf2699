/**
 * The lab's child processes: started with their rights in their namespace, started again when they end by themselves, ended in
 * order. A child is ready when it prints `ready`; what it says on stderr goes to its log file.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, type WriteStream } from "node:fs";

export type ChildSpec = {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly hasIpc: boolean;
  readonly logFile: string;
  readonly onStart?: (child: ChildProcess) => void;
};

const restartMs = 500;
const readyTimeoutMs = 15_000;

export class Child {
  readonly spec: ChildSpec;
  restarts = 0;
  private process: ChildProcess | null = null;
  private isWanted = false;
  private readonly log: WriteStream;

  constructor(spec: ChildSpec) {
    this.spec = spec;
    this.log = createWriteStream(spec.logFile, { flags: "a", mode: 0o644 });
  }

  get pid(): number | null {
    return this.process?.pid ?? null;
  }

  /** Resolves when the child is ready; rejects when it ends before that. */
  async start(): Promise<void> {
    this.isWanted = true;
    if (this.process !== null) return;
    const child = this.spawn();
    await ready(this.spec, child);
  }

  /** Ends the child and leaves it ended. */
  async stop(signal: "SIGTERM" | "SIGKILL", timeoutMs: number): Promise<void> {
    this.isWanted = false;
    const child = this.process;
    if (child === null) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    await ended;
    clearTimeout(timer);
  }

  /** Kills it; it comes back by itself, like any crashed child. */
  crash(): void {
    this.process?.kill("SIGKILL");
  }

  private spawn(): ChildProcess {
    const [program = "", ...rest] = this.spec.argv;
    const child = spawn(program, rest, {
      env: { ...this.spec.env, NODE_ENV: "production" },
      stdio: this.spec.hasIpc ? ["ignore", "pipe", "pipe", "ipc"] : ["ignore", "pipe", "pipe"],
      // its own process group: Ctrl+C in the terminal reaches the launcher only, which ends everything in order
      detached: true,
    });
    this.process = child;
    child.stderr?.pipe(this.log, { end: false });
    child.on("error", (error) => this.log.write(`${error.message}\n`));
    child.once("exit", (code, signal) => this.ended(child, code, signal));
    this.spec.onStart?.(child);
    return child;
  }

  private ended(child: ChildProcess, code: number | null, signal: string | null): void {
    if (this.process === child) this.process = null;
    this.log.write(`${JSON.stringify({ lab: `${this.spec.name} ended`, code, signal })}\n`);
    if (!this.isWanted) return;
    setTimeout(() => {
      if (!this.isWanted || this.process !== null) return;
      this.restarts += 1;
      this.spawn().stdout?.resume();
    }, restartMs);
  }
}

function ready(spec: ChildSpec, child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    let said = "";
    child.stderr?.on("data", (chunk) => {
      said = (said + String(chunk)).slice(-2000);
    });
    const timer = setTimeout(
      () => reject(new Error(`${spec.name} was not ready in time, see ${spec.logFile}`)),
      readyTimeoutMs,
    );
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      text = (text + chunk).slice(-200);
      if (!/^ready$/m.test(text)) return;
      clearTimeout(timer);
      resolve();
    });
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`${spec.name} ended at its start (${signal ?? code}): ${said.trim().slice(-300)}`));
    });
  });
}
