/** `npm run lab -- status` and `npm run lab -- backend web-1 --latency 50`: the running lab's owner looks at it and changes it. */
import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { runsFolderOf } from "../platform/lab-folder.ts";
import { askLab } from "./control-client.ts";
import type { Behaviour, BehaviourChange, LabStatus } from "./messages.ts";
import { placesOf } from "./places.ts";

const usage = `npm run lab -- status
npm run lab -- backend NAME [--latency MS] [--errors PERCENT] [--health up|down] [--listen on|off]
                        [--clients served|reset]
npm run lab -- traffic on|off
With several labs running: --run ID
`;

export async function runLabCommand(words: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args: [...words], allowPositionals: true, options: optionsOf() });
    const [verb, name] = positionals;
    const socket = await findLab(values.run);
    if (verb === "status") return print(statusText(await askLab<LabStatus>(socket, "status")));
    if (verb === "traffic" && (name === "on" || name === "off")) {
      await askLab(socket, "traffic", { isOn: name === "on" });
      return print(`steady traffic is ${name}\n`);
    }
    if (verb === "backend" && name !== undefined) {
      const behaviour = await askLab<Behaviour>(socket, "backend", { name, behaviour: behaviourOf(values) });
      return print(`${name}: ${describeBehaviour(behaviour)}\n`);
    }
    process.stderr.write(usage);
    return 2;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function optionsOf() {
  return {
    run: { type: "string" },
    latency: { type: "string" },
    errors: { type: "string" },
    health: { type: "string" },
    listen: { type: "string" },
    clients: { type: "string" },
  } as const;
}

type Said = { latency?: string; errors?: string; health?: string; listen?: string; clients?: string };

function behaviourOf(values: Said): BehaviourChange {
  return {
    ...(values.latency === undefined ? {} : { latencyMs: numberOf("latency", values.latency) }),
    ...(values.errors === undefined ? {} : { errorPct: numberOf("errors", values.errors) }),
    ...(values.health === undefined ? {} : { isHealthy: wordOf("health", values.health, "up", "down") }),
    ...(values.listen === undefined ? {} : { isListening: wordOf("listen", values.listen, "on", "off") }),
    ...(values.clients === undefined ? {} : { isResetting: wordOf("clients", values.clients, "reset", "served") }),
  };
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text === "" || Number.isNaN(value) || value < 0) throw new Error(`--${name} takes a number, not "${text}"`);
  return value;
}

function wordOf(name: string, text: string, yes: string, no: string): boolean {
  if (text !== yes && text !== no) throw new Error(`--${name} takes ${yes} or ${no}, not "${text}"`);
  return text === yes;
}

type FoundLab = Pick<LabStatus, "runId" | "stateFolder"> & { readonly socket: string };

/** The one running lab of this user, or the one named by --run. */
async function findLab(run: string | undefined): Promise<string> {
  const folder = runsFolderOf(tmpdir(), process.getuid?.() ?? 0);
  const ids = existsSync(folder) ? readdirSync(folder) : [];
  const asked = ids.map(async (id): Promise<FoundLab[]> => {
    const socket = placesOf(folder, id).labSocket;
    const status = await askLab<LabStatus>(socket, "status").catch(() => null);
    return status === null ? [] : [{ runId: status.runId, stateFolder: status.stateFolder, socket }];
  });
  return chooseLab((await Promise.all(asked)).flat(), run);
}

/** Exported for its test. */
export function chooseLab(alive: readonly FoundLab[], run: string | undefined): string {
  const [lab, ...others] = run === undefined ? alive : alive.filter(({ runId }) => runId === run);
  if (lab !== undefined && others.length === 0) return lab.socket;
  if (alive.length === 0) throw new Error("No lab of this user is running. Start one with: npm start");
  const list = alive.map(({ runId, stateFolder }) => `  --run ${runId}   its state is in ${stateFolder}`).join("\n");
  if (lab === undefined) throw new Error(`No lab ${run} is running. There are:\n${list}`);
  throw new Error(`Several labs are running; name one:\n${list}`);
}

function statusText(status: LabStatus): string {
  const { traffic } = status;
  const lines = [
    `lab ${status.runId}, state in ${status.stateFolder}, agent socket ${status.socket}`,
    ...status.processes.map(
      (one) =>
        `  ${one.name.padEnd(16)} ${one.pid ?? "not running"}${one.restarts > 0 ? `, restarted ${one.restarts}x` : ""}`,
    ),
    "backends",
    ...status.backends.map(
      (one) =>
        `  ${one.name.padEnd(8)} ${one.addresses.join(" ").padEnd(32)} ${one.counters.requests} requests, ` +
        `${one.counters.datagrams} datagrams, ${one.counters.open} open; ${describeBehaviour(one.behaviour)}`,
    ),
    `traffic ${traffic === null ? "off" : `${traffic.ratePerS.toFixed(0)}/s: ${traffic.answered} answered, ${traffic.failed} failed`}`,
    ...status.targets.map(
      (one) => `  ${one.protocol} ${one.address} port ${one.port}: ${one.ratePerS.toFixed(1)} new connections/s`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function describeBehaviour(behaviour: Behaviour): string {
  const health = behaviour.isHealthy ? "healthy" : "not healthy";
  const listening = behaviour.isListening ? "" : ", not listening";
  const resetting = behaviour.isResetting ? ", resets its clients" : "";
  return `latency ${behaviour.latencyMs} ms, errors ${behaviour.errorPct} %, ${health}${listening}${resetting}`;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
