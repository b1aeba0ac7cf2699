/**
 * A real agent in a network namespace of its own, for kernel tests: built once, started, spoken to over its socket, killed and started
 * again on the same state folder. Nothing outside the namespace and a temporary folder is touched.
 */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, chownSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildSync } from "esbuild";
import type { Operation } from "../core/change/operation.ts";
import type { Farm } from "../core/farm/types.ts";
import { parseFarm } from "../core/farm/validate.ts";
import { protocolHeader, protocolVersion } from "../wire/agent.ts";
import { parsed, record } from "./answers.testing.ts";

export type Answer = { readonly status: number; readonly body: unknown; readonly text: string };

/** Not as root the agent runs in a user namespace of whoever runs the tests. */
export const isRoot = process.getuid?.() === 0;

export const actor = { id: "tester", name: "Tester" };

const built = new Set<string>();

/** Built once a test file, next to the checkout's packages, so that the native addon is found. */
export function buildAgent(entry: "main.ts" | "crash-agent.testing.ts" = "main.ts"): string {
  return bundle(join("server/agent", entry), `agent-${entry.split(".")[0]}.mjs`);
}

export function buildProber(): string {
  return bundle("server/prober/main.ts", "prober.mjs");
}

/** Our own transactions beside nft's (edit-process.testing.ts). */
export function buildEditor(): string {
  return bundle("server/agent/edit-process.testing.ts", "edit-process.mjs");
}

function bundle(entry: string, name: string): string {
  const outfile = join(process.cwd(), "dist", "kernel-test", name);
  if (built.has(outfile)) return outfile;
  const fresh = `${outfile}.${process.pid}`;
  const format = { bundle: true, platform: "node", format: "esm", target: "node20" } as const;
  // CommonJS packages inside an ESM bundle ask for require, as in server/start/bundle.mjs
  const banner = { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" };
  buildSync({ ...format, banner, external: ["koffi"], entryPoints: [entry], outfile: fresh, logLevel: "warning" });
  renameSync(fresh, outfile);
  built.add(outfile);
  return outfile;
}

/** A farm of the talk's kind; ids follow from the number, so that tests can name them. */
export function testFarm(number: number, more: Record<string, unknown> = {}, backends = 2): Farm {
  const id = (at: number) => `00000000-0000-4000-8000-${(number * 10_000 + at).toString(16).padStart(12, "0")}`;
  const parsed = parseFarm({
    id: id(0),
    name: `farm-${number}`,
    addresses: [`10.99.${number >> 8}.${number & 255}`],
    protocol: "tcp",
    ports: [80],
    backends: Array.from({ length: backends }, (_, at) => ({
      id: id(at + 1),
      name: `web-${at + 1}`,
      address: `10.${20 + (number >> 8)}.${(number + (at >> 8)) & 255}.${(at & 255) + 1}`.replace(".256", ".0"),
      port: 8080,
    })),
    ...more,
  });
  if (!parsed.ok) throw new Error(parsed.error.text);
  return parsed.value;
}

export class TestAgent {
  readonly dir = mkdtempSync(join(tmpdir(), "sluice-agent-"));
  readonly socket = join(this.dir, "agent.sock");
  #holder: ChildProcess | null = null;
  #agent: ChildProcess | null = null;
  readonly #started: ChildProcess[] = [];
  #log = "";
  readonly #env: Record<string, string>;
  /** null = root, in a network namespace only; else in a user namespace of this uid */
  readonly #ordinaryUid: number | null;

  constructor(env: Record<string, string>, ordinaryUid: number | null) {
    this.#env = env;
    this.#ordinaryUid = ordinaryUid;
  }

  /** Opens the namespace (held by a sleeping process) and starts the agent in it. */
  static async open(env: Record<string, string> = {}, ordinaryUid: number | null = null): Promise<TestAgent> {
    const agent = new TestAgent(env, ordinaryUid);
    chmodSync(agent.dir, 0o755);
    if (ordinaryUid !== null) chownSync(agent.dir, ordinaryUid, ordinaryUid);
    const hold = ["sh", "-c", "ip link set lo up; echo held; exec sleep 1000"];
    const asUser = ["setpriv", `--reuid=${ordinaryUid}`, `--regid=${ordinaryUid}`, "--clear-groups"];
    const [command = "", ...args] = [
      ...(ordinaryUid === null ? [] : asUser),
      ...["unshare", isRoot && ordinaryUid === null ? "-n" : "-Urn", ...hold],
    ];
    agent.#holder = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
    await firstLine(agent.#holder, "held");
    await agent.start();
    return agent;
  }

  async start(env: Record<string, string> = {}): Promise<void> {
    const started = this.spawn(env);
    await firstLine(started, "ready");
  }

  /** Starts without waiting: for agents that are meant to die early. */
  spawn(env: Record<string, string> = {}): ChildProcess {
    const all = {
      PATH: process.env.PATH ?? "",
      NODE_ENV: "test" as const,
      SLUICE_LAB: "1",
      SLUICE_DATA: join(this.dir, "data"),
      SLUICE_SOCKET: this.socket,
      SLUICE_PROBER_SOCKET: join(this.dir, "prober.sock"),
      SLUICE_URGENT_PER_S: "100000",
      SLUICE_STRUCTURAL_PER_S: "100000",
      ...this.#env,
      ...env,
    };
    const command = env.TEST_SHELL === undefined ? [] : ["sh", "-c", env.TEST_SHELL, "sh"];
    const bundle = env.TEST_BUNDLE ?? buildAgent(entryOf(env));
    const args = [...this.#inNamespace(), ...command, process.execPath, bundle];
    const started = spawn("nsenter", args, { env: all, stdio: ["ignore", "pipe", "pipe"] });
    started.stderr?.on("data", (piece: Buffer) => {
      this.#log += piece.toString();
    });
    this.#agent = started;
    this.#started.push(started);
    return started;
  }

  #inNamespace(): string[] {
    const inUserNamespace = isRoot ? ["-U", "-S", "0", "-G", "0"] : ["-U", "--preserve-credentials"];
    const user = isRoot && this.#ordinaryUid === null ? [] : inUserNamespace;
    return ["-t", String(this.#holder?.pid), ...user, "-n"];
  }

  get pid(): number {
    const pid = this.#agent?.pid;
    if (pid === undefined) throw new Error("no agent runs");
    return pid;
  }

  /** What the agent wrote on stderr so far, of all its lives. */
  get log(): string {
    return this.#log;
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    if (this.#agent !== null) await killed(this.#agent, signal);
  }

  async close(): Promise<void> {
    for (const agent of this.#started) await killed(agent, "SIGKILL");
    this.#holder?.kill("SIGKILL");
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Runs nft in the agent's namespace. */
  nft(...args: string[]): string {
    return this.inside("nft", ...args);
  }

  inside(...command: string[]): string {
    return execFileSync("nsenter", [...this.#inNamespace(), ...command], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** A process in the agent's namespace that goes on; the caller ends it. */
  run(...command: string[]): ChildProcess {
    const env = {
      PATH: process.env.PATH ?? "",
      NODE_ENV: "test" as const,
      SLUICE_PROBER_SOCKET: join(this.dir, "prober.sock"),
    };
    return spawn("nsenter", [...this.#inNamespace(), ...command], { env, stdio: ["ignore", "pipe", "inherit"] });
  }

  /** Our table as text without counters, its blocks sorted (the kernel lists chains as they came); "" when it is not there. */
  table(): string {
    try {
      const text = this.nft("list", "table", "inet", "sluice").replace(/ counter packets \d+ bytes \d+/g, "");
      const blocks = text.trim().split("\n").slice(1, -1).join("\n").split("\n\n");
      return blocks.sort().join("\n\n");
    } catch {
      return "";
    }
  }

  /** Processes that the agent started, by the end of their command line. */
  children(commandLine: string): number[] {
    return execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(this.pid)], { encoding: "utf8" })
      .split("\n")
      .map((line) => /^\s*([0-9]+) (.*)$/.exec(line))
      .flatMap((match) => (match?.[2]?.trim().endsWith(commandLine) === true ? [Number(match[1])] : []));
  }

  call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return request(this.socket, method, path, text, headers, this.#ordinaryUid);
  }

  async change(operations: readonly Operation[], uuid: string = randomUUID()): Promise<Record<string, unknown>> {
    const answer = await this.call("POST", "/v1/changes", { uuid, actor, operations });
    return record(answer.body);
  }

  put(farm: Farm, base: number | null = null): Promise<Record<string, unknown>> {
    return this.change([{ type: "put-farm", base, farm }]);
  }

  async status(): Promise<Record<string, unknown>> {
    return record((await this.call("GET", "/v1/status")).body);
  }

  /** The status once nothing is being applied: a look of the agent's own at the kernel counts as applying. */
  async settled(): Promise<Record<string, unknown>> {
    let status = await this.status();
    await until(async () => {
      status = await this.status();
      return status.sync !== "applying";
    });
    return status;
  }

  journal(): string {
    return readFileSync(join(this.dir, "data", "journal-1.log"), "utf8");
  }
}

export function request(
  socketPath: string,
  method: string,
  path: string,
  body: string | Buffer | undefined,
  headers: Record<string, string> = {},
  asUid: number | null = null,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = { [protocolHeader]: String(protocolVersion), ...headers };
    const sent = http.request(
      { createConnection: () => connectAs(socketPath, asUid), method, path, headers: all },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece: string) => {
          text += piece;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text, body: parsed(text) }));
        response.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/** The kernel notes the uid of the moment of connecting. */
function connectAs(socketPath: string, uid: number | null): net.Socket {
  const own = process.geteuid?.() ?? 0;
  if (uid !== null) process.seteuid?.(uid);
  const socket = net.connect({ path: socketPath });
  if (uid !== null) process.seteuid?.(own);
  return socket;
}

/** Asks again until the answer is the wanted one; the time until then, in milliseconds. */
export async function until(isReached: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<number> {
  const startedMs = performance.now();
  while (!(await isReached())) {
    if (performance.now() - startedMs > withinMs) throw new Error(`not reached within ${withinMs} ms`);
    await sleep(10);
  }
  return performance.now() - startedMs;
}

function entryOf(env: Record<string, string>): "main.ts" | "crash-agent.testing.ts" {
  return "TEST_CRASH_AT" in env ? "crash-agent.testing.ts" : "main.ts";
}

function firstLine(child: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (piece: Buffer) => {
      if (piece.toString().includes(word)) resolve();
    });
    child.once("exit", (code) => reject(new Error(`ended with ${code} before "${word}"`)));
  });
}

async function killed(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await gone;
}
