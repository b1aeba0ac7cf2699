/**
 * The largest desired state there may be, given to an agent at once: the time of its turn, the memory of its process, and a crash with
 * everything loaded. Meanwhile a loop in the balancer lists the tables and counts when ours is not there; before and after the slots are compared.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { manyFarms } from "./farms.ts";
import { type Hosts, openHosts } from "./hosts.ts";
import { type OwnAgent, openOwnAgent } from "./own-agent.ts";
import type { Row } from "./table.ts";

/** listing, counters and connections of the loaded state have run a few times */
const settleMs = 20_000;

export async function benchFull(options: { farms: number; backends: number }): Promise<Row[]> {
  const hosts = openHosts();
  const data = mkdtempSync(join(tmpdir(), "sluice-bench-data-"));
  try {
    const agent = await openOwnAgent(hosts, data);
    const farms = manyFarms(options.farms, options.backends);
    const started = performance.now();
    const turnMs = await agent.seed(farms);
    const callMs = performance.now() - started;
    const name = `${options.farms} x ${options.backends}`;
    await wait(settleMs);
    const loaded = memoryOf(agent);
    const again = await restart(hosts, agent);
    await wait(settleMs);
    return [
      {
        name: `full load, ${name}`,
        figures: { "turn ms": turnMs.toFixed(0), "call ms": callMs.toFixed(0), ...loaded },
      },
      { name: `killed and started, ${name}`, figures: { ...again, ...memoryOf(agent) } },
    ];
  } finally {
    hosts.close();
    rmSync(data, { recursive: true, force: true });
  }
}

function memoryOf(agent: OwnAgent): Record<string, string> {
  const { nowMb, mostMb } = agent.memory();
  return { "RSS MB": nowMb.toFixed(0), "most MB": mostMb.toFixed(0) };
}

async function restart(hosts: Hosts, agent: OwnAgent): Promise<Record<string, string>> {
  const before = await slotsOf(hosts);
  const watching = join(hosts.folder, "watching");
  writeFileSync(watching, "");
  const watch = hosts.run("balancer", ["sh", "-c", watchScript(watching)]);
  const started = performance.now();
  await agent.kill();
  await agent.start();
  const readyMs = performance.now() - started;
  // what it finds out about the kernel after its start belongs to the start
  await wait(settleMs);
  rmSync(watching);
  const [looks = "", misses = ""] = (await watch).trim().split(" ");
  const after = await slotsOf(hosts);
  const isSame = after.length === before.length && after.every((slot, at) => slot === before[at]);
  return { "serves after ms": readyMs.toFixed(0), looks, misses, slots: isSame ? "the same" : "others" };
}

/** `looks misses`, until the file is gone. Anything that names a map would have nft fetch all of its elements. */
function watchScript(file: string): string {
  const isThere = "nft list tables inet | grep -qx 'table inet sluice'";
  const look = `looks=$((looks+1)); ${isThere} || misses=$((misses+1)); sleep 0.01`;
  return `looks=0; misses=0; while [ -e ${file} ]; do ${look}; done; echo $looks $misses`;
}

/** Keys of the slot map, sorted. */
async function slotsOf(hosts: Hosts): Promise<string[]> {
  const listed = await hosts.run("balancer", ["nft", "list", "map", "inet", "sluice", "slots"]);
  return Array.from(listed.matchAll(/(0x[0-9a-f]+) :/g), (match) => match[1] ?? "").sort();
}
