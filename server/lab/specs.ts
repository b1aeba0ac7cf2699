/** The command lines and environments of the lab's child processes. Nothing is inherited but PATH. */
import type { ChildProcess } from "node:child_process";
import { Child } from "./children.ts";
import { type Orders, ordersTo } from "./ipc.ts";
import type { ServeOptions } from "./messages.ts";
import { namespaceOf, type Places } from "./places.ts";
import { type Role, rightsArgv, uidsFrom } from "./rights.ts";
import { inNamespace } from "./run-command.ts";
import { stagedFolder, stageFping } from "./stage.ts";

const path = "/usr/sbin:/usr/bin:/sbin:/bin";

export type LabChild = { readonly child: Child; readonly orders: () => Orders };

export function agentChild(options: ServeOptions, places: Places): Child {
  const uids = options.firstUid === null ? null : uidsFrom(options.firstUid);
  return new Child({
    name: "agent",
    argv: argv(options, "balancer", "agent", ["agent.mjs"]),
    env: {
      ...baseEnv(),
      SLUICE_SOCKET: places.agentSocket,
      SLUICE_PROBER_SOCKET: places.proberSocket,
      SLUICE_DATA: `${options.stateFolder}/agent`,
      SLUICE_ALLOWED_UIDS: uids === null ? "0" : String(uids.web),
      SLUICE_LAB: "1",
      SLUICE_PROBE_INTERVAL_MS: "1000",
      ...(options.chunkElements === null ? {} : { SLUICE_CHUNK_ELEMENTS: String(options.chunkElements) }),
      ...options.agentEnv,
    },
    hasIpc: false,
    logFile: logFile(options, "agent"),
  });
}

export function proberChild(options: ServeOptions, places: Places): Child {
  const fping = stageFping(options);
  return new Child({
    name: "prober",
    argv: argv(options, "balancer", "prober", ["prober.mjs"]),
    env: {
      ...baseEnv(),
      SLUICE_PROBER_SOCKET: places.proberSocket,
      SLUICE_CHECK_DIR: `${options.stateFolder}/checks`,
      ...(fping === null ? {} : { SLUICE_FPING: fping }),
    },
    hasIpc: false,
    logFile: logFile(options, "prober"),
  });
}

/** A process of the lab's own bundle in one of its namespaces, taking orders over IPC. */
export function nodeChild(options: ServeOptions, namespace: string, name: string, words: readonly string[]): LabChild {
  let orders: Orders | null = null;
  const child = new Child({
    name,
    argv: argv(options, namespace, "other", ["lab.mjs", ...words]),
    env: baseEnv(),
    hasIpc: true,
    logFile: logFile(options, name),
    onStart: (started: ChildProcess) => {
      orders = ordersTo(started);
    },
  });
  return {
    child,
    orders: () => {
      if (orders === null) throw new Error(`${name} was not started`);
      return orders;
    },
  };
}

function argv(options: ServeOptions, namespace: string, role: Role, words: readonly string[]): string[] {
  const uids = options.firstUid === null ? null : uidsFrom(options.firstUid);
  const [script = "", ...rest] = words;
  return inNamespace(namespaceOf(options.runId, namespace), [
    ...rightsArgv(role, uids),
    options.node,
    `${stagedFolder(options)}/dist/${script}`,
    ...rest,
  ]);
}

function baseEnv(): Record<string, string> {
  return { PATH: path, LANG: "C.UTF-8" };
}

function logFile(options: ServeOptions, name: string): string {
  return `${options.stateFolder}/logs/${name}.log`;
}
