/** The real agent on a kernel of its own: a process in a fresh network namespace, its state in a temporary folder, killed and started at will. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const bundle = fileURLToPath(new URL("../../dist/agent.mjs", import.meta.url));
const path = `${process.env.PATH}:/usr/sbin`;
const unshare = process.getuid?.() === 0 ? ["-n"] : ["-Urn"];

/** null, or what this machine lacks. */
export function missingForAgent(): string | null {
  const tried = spawnSync("unshare", [...unshare, "nft", "list", "tables"], { env: { ...process.env, PATH: path } });
  if (tried.status !== 0) return "a network namespace with nft";
  return null;
}

export type RealAgent = {
  readonly socketPath: string;
  start(): Promise<void>;
  /** SIGKILL, and gone */
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
  /** runs nft in its namespace, as somebody else would */
  nft(...words: string[]): void;
  /** its state folder is emptied; only while it does not run */
  forget(): void;
  end(): Promise<void>;
};

export function makeRealAgent(): RealAgent {
  const folder = mkdtempSync(join(tmpdir(), "sluice-agent-"));
  const state = join(folder, "state");
  const socketPath = join(folder, "agent.sock");
  let child: ChildProcess | null = null;

  const env = {
    ...process.env,
    PATH: path,
    SLUICE_SOCKET: socketPath,
    SLUICE_PROBER_SOCKET: join(folder, "prober.sock"),
    SLUICE_DATA: state,
    SLUICE_LAB: "1",
    SLUICE_STRUCTURAL_PER_S: "1000",
    SLUICE_URGENT_PER_S: "1000",
  };

  async function kill(): Promise<void> {
    // one that could not start has ended already, and says so no more
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child?.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    child = null;
  }

  return {
    socketPath,
    async start() {
      // exec by exec: the pid that is killed is the agent's own
      const started = spawn("unshare", [...unshare, process.execPath, bundle], {
        env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      child = started;
      await new Promise<void>((resolve, reject) => {
        let said = "";
        started.stderr.on("data", (chunk: Buffer) => {
          said += chunk.toString("utf8");
        });
        started.stdout.on("data", (chunk: Buffer) => {
          if (chunk.toString("utf8").includes("ready")) resolve();
        });
        started.once("exit", () => reject(new Error(`the agent ended: ${said}`)));
      });
    },
    kill,
    pause: () => child?.kill("SIGSTOP"),
    resume: () => child?.kill("SIGCONT"),
    nft(...words) {
      const user = process.getuid?.() === 0 ? [] : ["-U", "--preserve-credentials"];
      const done = spawnSync("nsenter", ["-t", String(child?.pid), ...user, "-n", "nft", ...words], {
        env: { ...process.env, PATH: path },
        encoding: "utf8",
      });
      if (done.status !== 0) throw new Error(done.stderr);
    },
    forget: () => rmSync(state, { recursive: true, force: true }),
    async end() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
