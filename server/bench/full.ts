/**
 * The largest desired state there may be, given to an agent at once: the time of its turn, the memory of its process, and a crash with
 * everything loaded, under a flood of new connections that goes from farm to farm. Where rules were missing or wrong for a moment, connections
 * would be lost; before and after the slots are compared.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { Farm } from "../core/farm/types.ts";
import { farmOf } from "./farms.ts";
import { type Flood, startFlood } from "./flood.ts";
import { type Hosts, openHosts } from "./hosts.ts";
import { type OwnAgent, openOwnAgent } from "./own-agent.ts";
import type { Row } from "./table.ts";

/** listing, counters and connections of the loaded state have run a few times, and a few hundred farms had connections */
const settleMs = 60_000;

/** so many addresses there are; farms beyond them share theirs */
const answering = 50_000;

export async function benchFull(options: { farms: number; backends: number }): Promise<Row[]> {
  const hosts = openHosts();
  const data = mkdtempSync(join(tmpdir(), "sluice-bench-data-"));
  try {
    const agent = await openOwnAgent(hosts, data);
    const vips = hosts.vips(options.farms);
    const started = performance.now();
    const turnMs = await agent.seed(answeringFarms(hosts, vips, options.backends));
    const callMs = performance.now() - started;
    const flood = await startFlood(hosts, vips);
    const name = `${options.farms} x ${options.backends}`;
    await wait(settleMs);
    const loaded = memoryOf(agent);
    const again = await restart(hosts, agent, flood);
    return [
      {
        name: `full load, ${name}`,
        figures: { "turn ms": turnMs.toFixed(0), "call ms": callMs.toFixed(0), ...loaded },
      },
      { name: `killed and started, ${name}`, figures: again },
    ];
  } finally {
    hosts.close();
    rmSync(data, { recursive: true, force: true });
  }
}

function answeringFarms(hosts: Hosts, vips: readonly string[], backends: number): Farm[] {
  const addresses = hosts.backends(answering);
  return vips.map((vip, f) => {
    const first = (f * backends) % answering;
    return farmOf(`farm-${f}`, vip, addresses.slice(first, first + backends));
  });
}

function memoryOf(agent: OwnAgent): Record<string, string> {
  const { nowMb, mostMb } = agent.memory();
  return { "RSS MB": nowMb.toFixed(0), "most MB": mostMb.toFixed(0) };
}

async function restart(hosts: Hosts, agent: OwnAgent, flood: Flood): Promise<Record<string, string>> {
  const before = await slotsOf(hosts);
  const started = performance.now();
  await agent.kill();
  await agent.start();
  const readyMs = performance.now() - started;
  // what it finds out about the kernel after its start belongs to the start
  await wait(settleMs);
  const memory = memoryOf(agent);
  const { connections, lost, synsAgain } = await flood.stop();
  const after = await slotsOf(hosts);
  const isSame = after.length === before.length && after.every((slot, at) => slot === before[at]);
  return {
    "serves after ms": readyMs.toFixed(0),
    ...memory,
    connections: String(connections),
    lost: String(lost),
    "SYNs sent again": String(synsAgain),
    slots: isSame ? "the same" : "others",
  };
}

/** Keys of the slot map, sorted. */
async function slotsOf(hosts: Hosts): Promise<string[]> {
  const listed = await hosts.run("balancer", ["nft", "list", "map", "inet", "sluice", "slots"]);
  return Array.from(listed.matchAll(/(0x[0-9a-f]+) :/g), (match) => match[1] ?? "").sort();
}
