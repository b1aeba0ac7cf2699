/**
 * What it costs to hear of every connection: an agent of its own in the balancer, new connections as fast as `ab` makes them, with connection
 * times switched on and off in turn. The agent's part is its own process; the kernel's is what a connection costs all others more.
 */
import { setTimeout as wait } from "node:timers/promises";
import { createAgentLink } from "../agent-link/create-agent-link.ts";
import { onCpuUs } from "./cpu.ts";
import { farmOf } from "./farms.ts";
import { type Hosts, openHosts } from "./hosts.ts";
import { type OwnAgent, openOwnAgent } from "./own-agent.ts";
import { connectAll, type Sample } from "./sample.ts";
import { median, medianRatio, type Row } from "./table.ts";

const stamping = "net.netfilter.nf_conntrack_timestamp";
const shortTimeWait = "net.netfilter.nf_conntrack_tcp_timeout_time_wait=10";
/** the agent looks each second whether times are on; what waits in its socket is read by then */
const settleMs = 2500;
const goalPerS = 10_000;

type Measured = Sample & {
  readonly agentUs: number;
  /** connections whose opening was timed */
  readonly timed: number;
};

export async function benchEvents(options: { rounds: number; connections: number }): Promise<Row[]> {
  const hosts = openHosts();
  try {
    const agent = await openOwnAgent(hosts, `${hosts.folder}/data`);
    const [vip = ""] = hosts.vips(1);
    await agent.seed([farmOf("events", vip, hosts.backends(10))]);
    await hosts.run("balancer", ["sysctl", "-q", "-w", shortTimeWait]);
    const samples: { on: Measured[]; off: Measured[] } = { on: [], off: [] };
    for (let round = 0; round < options.rounds; round++)
      for (const mode of ["off", "on"] as const)
        samples[mode].push(await measure(hosts, agent, vip, mode === "on", options.connections));
    return rowsOf(samples, options.connections, await heardText(agent));
  } finally {
    hosts.close();
  }
}

async function measure(
  hosts: Hosts,
  agent: OwnAgent,
  vip: string,
  isOn: boolean,
  connections: number,
): Promise<Measured> {
  await hosts.run("balancer", ["sysctl", "-q", "-w", `${stamping}=${isOn ? 1 : 0}`]);
  await wait(settleMs);
  const before = { agentUs: onCpuUs(agent.pid()), timed: await timedSoFar(agent) };
  const sample = await connectAll(hosts, vip, connections);
  const agentUs = onCpuUs(agent.pid()) - before.agentUs;
  await wait(settleMs);
  return { ...sample, agentUs: agentUs / connections, timed: (await timedSoFar(agent)) - before.timed };
}

function rowsOf(
  { on, off }: { on: readonly Measured[]; off: readonly Measured[] },
  connections: number,
  text: string,
): Row[] {
  const of = (samples: readonly Measured[], read: (sample: Measured) => number) => median(samples.map(read));
  const reader = on.map(({ agentUs }, round) => agentUs - (off[round]?.agentUs ?? Number.NaN));
  const others = (samples: readonly Measured[]) => samples.map(({ cpuUs, agentUs }) => cpuUs - agentUs);
  const shared = (samples: readonly Measured[]) => ({
    "conn/s": of(samples, ({ perS }) => perS).toFixed(0),
    failed: String(samples.reduce((sum, { failed }) => sum + failed, 0)),
    "CPU us/conn without agent": median(others(samples)).toFixed(0),
    "agent us/conn": of(samples, ({ agentUs }) => agentUs).toFixed(1),
    "timed %": ((100 * of(samples, ({ timed }) => timed)) / connections).toFixed(1),
  });
  return [
    { name: "connections not heard", figures: shared(off) },
    {
      name: "every connection heard",
      figures: {
        ...shared(on),
        [`reader at ${goalPerS}/s, % of a core`]: ((median(reader) * goalPerS) / 10_000).toFixed(1),
        "others x": medianRatio(others(on), others(off)).toFixed(3),
      },
    },
    { name: `agent: ${text}`, figures: {} },
  ];
}

async function timedSoFar(agent: OwnAgent): Promise<number> {
  const page = await createAgentLink({ socketPath: agent.socket }).metrics();
  if (!page.ok) throw new Error(page.error.text);
  let text = "";
  for await (const piece of page.value) text += new TextDecoder().decode(piece);
  return Number(/^sluice_farm_open_time_seconds_count\S* ([0-9]+)/m.exec(text)?.[1] ?? 0);
}

async function heardText(agent: OwnAgent): Promise<string> {
  const status = await createAgentLink({ socketPath: agent.socket }).status();
  if (!status.ok) throw new Error(status.error.text);
  return status.value.features.find(({ name }) => name === "latency from real traffic")?.text ?? "says nothing";
}
