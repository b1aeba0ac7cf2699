/**
 * What it costs to know: CPU a second of the agent and all its children (counter reader, conntrack dump, nft) with many backends, from the
 * kernel's own accounting, and one conntrack dump of many entries by itself. No traffic runs meanwhile; the entries are made by hand.
 */
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { createAgentLink } from "../agent-link/create-agent-link.ts";
import { type OpenLab, openLab } from "../lab/open-lab.ts";
import { processTreeMs } from "./cpu.ts";
import { manyFarms } from "./farms.ts";
import type { Row } from "./table.ts";

const windowS = 20;
const settleS = 5;
const tag = "0x51000000/0xff000000";

export async function benchLive(options: { farms: number; backends: number; entries: number }): Promise<Row[]> {
  const lab = await openLab({ clients: false, farms: [] });
  try {
    const link = createAgentLink({ socketPath: lab.socket });
    const seeded = await link.seed({
      uuid: randomUUID(),
      actor: { id: "bench", name: "bench" },
      epoch: 2,
      farms: manyFarms(options.farms, options.backends),
    });
    if (!seeded.ok) throw new Error(seeded.error.text);
    const status = await link.status();
    const pid = status.ok ? (status.value.processes.find(({ name }) => name === "agent")?.pid ?? null) : null;
    if (pid === null) throw new Error("the agent does not say its process");
    const name = `live data, ${options.farms} x ${options.backends}`;
    const idle = await cpuMsPerS(pid);
    await track(lab, options.entries);
    const busy = await cpuMsPerS(pid);
    return [
      { name, figures: { "CPU ms/s": idle.toFixed(0), "conntrack entries": "0" } },
      { name, figures: { "CPU ms/s": busy.toFixed(0), "conntrack entries": String(options.entries) } },
      {
        name: "one conntrack dump",
        figures: { "CPU ms": await dumpMs(lab), "conntrack entries": String(options.entries) },
      },
    ];
  } finally {
    await lab.close();
  }
}

/** CPU of the process and its children over the window, in ms a second. The window is the measurement, not a guess at readiness. */
async function cpuMsPerS(pid: number): Promise<number> {
  await wait(settleS * 1000);
  const before = processTreeMs(pid);
  await wait(windowS * 1000);
  return (processTreeMs(pid) - before) / windowS;
}

/** Established connections that carry marks of ours, as if clients had made them. */
async function track(lab: OpenLab, entries: number): Promise<void> {
  const lines = Array.from({ length: entries }, (_, at) => {
    const client = `10.61.${Math.floor(at / 60_000)}.2`;
    const port = 1024 + (at % 60_000);
    const ends = `-s ${client} -d 172.20.0.1 -r 10.64.0.1 -q ${client} -p tcp --sport ${port} --dport 80`;
    return `-A ${ends} --reply-port-src 80 --reply-port-dst ${port} --state ESTABLISHED -u SEEN_REPLY,ASSURED -t 3600 -m ${0x51000001 + (at % 1000)}`;
  });
  const file = `${lab.stateFolder}/entries`;
  writeFileSync(file, `${lines.join("\n")}\n`);
  const made = await lab.exec("balancer", ["conntrack", "-R", file]);
  if (made.code !== 0) throw new Error(`conntrack -R: ${made.stderr.slice(0, 300)}`);
}

async function dumpMs(lab: OpenLab): Promise<string> {
  const script = `TIMEFORMAT="%U %S"; time conntrack -L -m ${tag} >/dev/null 2>/dev/null`;
  const timed = await lab.exec("balancer", ["bash", "-c", script]);
  const [user = Number.NaN, system = Number.NaN] = timed.stderr.trim().split(" ").map(Number);
  return ((user + system) * 1000).toFixed(0);
}
