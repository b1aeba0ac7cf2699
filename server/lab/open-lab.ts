/**
 * A lab of one's own for tests and benchmarks, beside any that runs: a temporary folder, its own namespaces, gone with `close`
 * (or with the process that opened it). Needs the bundles in dist/ (`node server/start/build.mjs --bundles`). As an ordinary user
 * the whole lab stands in a user namespace; the handle is the same.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { accessSync, chmodSync, chownSync, constants, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import * as z from "zod/mini";
import { runsFolderOf } from "../platform/lab-folder.ts";
import { askLab } from "./control-client.ts";
import type {
  BackendCounters,
  Behaviour,
  BehaviourChange,
  ConnectReport,
  ConnectSpec,
  ExecReport,
  Held,
  HeldSpec,
  HoldSpec,
  LabStatus,
  ProcessAction,
  ServeOptions,
} from "./messages.ts";
import { placesOf } from "./places.ts";
import { stage } from "./stage.ts";

export type OpenLab = {
  readonly runId: string;
  /** the agent's socket */
  readonly socket: string;
  readonly labSocket: string;
  readonly stateFolder: string;
  readonly runFolder: string;
  readonly pid: number;
  status(): Promise<LabStatus>;
  /** A program in a namespace of the lab: "balancer", "clients", "web-1", ... */
  exec(namespace: string, argv: readonly string[], input?: string): Promise<ExecReport>;
  connect(spec: ConnectSpec): Promise<ConnectReport>;
  hold(spec: HoldSpec): Promise<Held[]>;
  held(spec: HeldSpec): Promise<Held[]>;
  counters(): Promise<Readonly<Record<string, BackendCounters>>>;
  setBackend(name: string, behaviour: BehaviourChange): Promise<Behaviour>;
  setTraffic(isOn: boolean): Promise<void>;
  process(name: ProcessAction["name"], action: ProcessAction["action"]): Promise<void>;
  close(): Promise<void>;
};

export type OpenLabOptions = {
  readonly clients?: boolean;
  readonly agent?: boolean;
  readonly backends?: number;
  /** "lab" (default): the farms of farms.json; [] starts with none */
  readonly farms?: readonly unknown[] | "lab";
  readonly agentEnv?: Readonly<Record<string, string>>;
  /** keep the agent's state over several labs; the caller removes it */
  readonly stateFolder?: string;
  /** the runs among which it cleans up; default: all of this user */
  readonly runsFolder?: string;
  /** as root only: the lab of an ordinary user with this uid */
  readonly asUser?: number;
};

const uidRange = { first: 64_811, step: 4, places: 100 };

export async function openLab(options: OpenLabOptions = {}): Promise<OpenLab> {
  const uid = options.asUser ?? process.getuid?.() ?? 0;
  const runId = randomBytes(3).toString("hex");
  const stateFolder = options.stateFolder ?? makeTemporary(options.asUser);
  const serve = serveOptions(options, uid, runId, stateFolder);
  const user = options.asUser === undefined ? [] : [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"];
  const child = spawn("setpriv", [...user, "--pdeathsig=KILL", ...serveArgv(serve, uid)], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const forget = () => {
    if (options.stateFolder === undefined) rmSync(stateFolder, { recursive: true, force: true });
  };
  await isReady(child.stdout, ended).catch((error: unknown) => {
    forget();
    throw error;
  });
  const places = placesOf(serve.runsFolder, runId);
  return {
    ...handle(places.labSocket),
    runId,
    socket: places.agentSocket,
    labSocket: places.labSocket,
    runFolder: places.runFolder,
    stateFolder,
    pid: child.pid ?? 0,
    close: async () => {
      child.stdin.end();
      await ended;
      forget();
    },
  };
}

/** The same words for a lab that runs already (the one behind `npm start`). */
export function handle(labSocket: string) {
  const status = () => askLab<LabStatus>(labSocket, "status");
  return {
    status,
    exec: (namespace: string, argv: readonly string[], input = "") =>
      askLab<ExecReport>(labSocket, "exec", { namespace, argv, input }),
    connect: (spec: ConnectSpec) => askLab<ConnectReport>(labSocket, "connect", spec),
    hold: (spec: HoldSpec) => askLab<Held[]>(labSocket, "hold", spec),
    held: (spec: HeldSpec) => askLab<Held[]>(labSocket, "held", spec),
    counters: async () => Object.fromEntries((await status()).backends.map((one) => [one.name, one.counters])),
    setBackend: (name: string, behaviour: BehaviourChange) =>
      askLab<Behaviour>(labSocket, "backend", { name, behaviour }),
    setTraffic: (isOn: boolean) => askLab<void>(labSocket, "traffic", { isOn }),
    process: (name: ProcessAction["name"], action: ProcessAction["action"]) =>
      askLab<void>(labSocket, "process", { name, action }),
  };
}

/** What makes a user namespace with everything of the lab inside; nothing of it outlives the first process. */
const userNamespace = ["unshare", "-Urnmp", "--fork", "--kill-child", "--mount-proc", "sh", "-c"];
const insideScript = 'mount -t tmpfs tmpfs /run && ip link set lo up && exec "$@"';

function serveArgv(options: ServeOptions, uid: number): string[] {
  const serve = [options.node, `${options.distFolder}/lab.mjs`, "serve", JSON.stringify(options)];
  return uid === 0 ? serve : [...userNamespace, insideScript, "lab", ...serve];
}

function serveOptions(options: OpenLabOptions, uid: number, runId: string, stateFolder: string): ServeOptions {
  const farms = options.farms ?? "lab";
  return {
    runId,
    runsFolder: options.runsFolder ?? runsFolderOf(tmpdir(), uid),
    stateFolder,
    launcherPid: process.pid,
    firstUid: uid === 0 ? uidRange.first + (Number.parseInt(runId, 16) % uidRange.places) * uidRange.step : null,
    backends: options.backends ?? 2,
    hasTraffic: options.clients ?? true,
    hasAgent: options.agent ?? true,
    farms: farms === "lab" ? labFarms() : [...farms],
    ...sources(options, stateFolder),
    node: process.execPath,
    chunkElements: uid === 0 ? null : 4000,
    agentEnv: { ...options.agentEnv },
  };
}

/** The farms every lab starts with, as a farm document's list. */
export function labFarms(): unknown[] {
  const text = readFileSync(new URL("farms.json", import.meta.url), "utf8");
  return z.object({ farms: z.array(z.unknown()) }).parse(JSON.parse(text)).farms;
}

function makeTemporary(owner: number | undefined): string {
  const folder = mkdtempSync(`${tmpdir()}/sluice-test-`);
  chmodSync(folder, 0o755);
  if (owner !== undefined) chownSync(folder, owner, owner);
  return folder;
}

/** Another user may not be able to read the checkout, so it gets a copy. */
function sources(options: OpenLabOptions, stateFolder: string): { distFolder: string; modulesFolder: string } {
  const modulesFolder = fileURLToPath(new URL("../../node_modules", import.meta.url));
  const found = { distFolder: distFolder(options.agent ?? true), modulesFolder };
  if (options.asUser === undefined) return found;
  const copy = `${stateFolder}/checkout`;
  stage({ ...found, stateFolder: copy });
  return { distFolder: `${copy}/app/dist`, modulesFolder: `${copy}/app/node_modules` };
}

function distFolder(hasAgent: boolean): string {
  const folder = fileURLToPath(new URL("../../dist", import.meta.url));
  const names = hasAgent ? ["lab", "agent", "prober"] : ["lab"];
  for (const name of names) accessSync(`${folder}/${name}.mjs`, constants.R_OK);
  return folder;
}

function isReady(output: NodeJS.ReadableStream, ended: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    output.on("data", (chunk) => {
      text += String(chunk);
      if (readySays(text)?.ready) resolve();
    });
    void ended.then(() => reject(new Error(readySays(text)?.problem ?? "the lab ended before it was ready")));
  });
}

const readySchema = z.object({ ready: z.boolean(), problem: z.optional(z.string()) });

/** The lab's first line, once it is there. */
function readySays(text: string): z.output<typeof readySchema> | null {
  const end = text.indexOf("\n");
  return end < 0 ? null : readySchema.parse(JSON.parse(text.slice(0, end)));
}
