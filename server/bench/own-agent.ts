/**
 * An agent of the bench's own in the balancer of its hosts, without lab, web and prober: what is measured is the agent and the kernel. It can
 * be killed and started again on the same state.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Farm } from "../core/farm/types.ts";
import { callAgent } from "../lab/agent-farms.ts";
import { changeAnswerSchema } from "../wire/agent.ts";
import type { Hosts } from "./hosts.ts";

export type OwnAgent = {
  readonly socket: string;
  /** Gives it these farms as its whole state; answers the milliseconds that its turn took. */
  seed(farms: readonly Farm[]): Promise<number>;
  pid(): number;
  memory(): { readonly nowMb: number; readonly mostMb: number };
  /** SIGKILL, as a crash; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Resolves when it serves. */
  start(): Promise<void>;
};

/** as a host starts it (server/start/host.mjs) */
const flags = ["--max-semi-space-size=4"];
const bundle = fileURLToPath(new URL("../../dist/agent.mjs", import.meta.url));

/** `dataFolder`: where its journal goes, on whatever disk that is. It ends with the hosts. */
export async function openOwnAgent(hosts: Hosts, dataFolder: string): Promise<OwnAgent> {
  const socket = join(hosts.folder, "agent.sock");
  const env = [
    "SLUICE_LAB=1",
    "NODE_ENV=production",
    `SLUICE_DATA=${dataFolder}`,
    `SLUICE_SOCKET=${socket}`,
    `SLUICE_PROBER_SOCKET=${join(hosts.folder, "prober.sock")}`,
    "SLUICE_URGENT_PER_S=1000000",
    "SLUICE_STRUCTURAL_PER_S=1000000",
  ];
  const begin = () => hosts.start("balancer", ["env", ...env, process.execPath, ...flags, bundle]);
  let child = begin();
  await isReady(child);
  let epoch = 1;
  return {
    socket,
    async seed(farms) {
      const request = { uuid: randomUUID(), actor: { id: "bench", name: "bench" }, epoch: ++epoch, farms };
      const answer = changeAnswerSchema.parse((await callAgent(socket, "POST", "/v1/seed", request)).body);
      if (answer.outcome !== "applied") throw new Error(`seed: ${JSON.stringify(answer).slice(0, 300)}`);
      return answer.applyMs;
    },
    pid: () => child.pid ?? 0,
    memory: () => ({ nowMb: statusMb(child.pid, "VmRSS"), mostMb: statusMb(child.pid, "VmHWM") }),
    kill: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGKILL");
      }),
    async start() {
      child = begin();
      await isReady(child);
    },
  };
}

type Started = ReturnType<Hosts["start"]>;

function isReady(child: Started): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (piece: Buffer) => {
      if (piece.includes("ready")) resolve();
    });
    child.once("exit", (code, signal) => reject(new Error(`the agent ended before it was ready (${signal ?? code})`)));
  });
}

function statusMb(pid: number | undefined, field: string): number {
  const found = new RegExp(`${field}:\\s+([0-9]+) kB`).exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(found?.[1] ?? Number.NaN) / 1024;
}
