/**
 * One weight change in the agent, asked over its socket one after the other, without web: `applyMs` of its answer (plan, intent on disk,
 * transaction, proof, outcome) beside the whole call. Once with the journal on this disk, once in memory: the difference is the disk's sync.
 * Two rows each: the first changes of a new process, while V8 still compiles what they run through (its threads then have one of the cores), and
 * those of a process that has made many.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { Farm } from "../core/farm/types.ts";
import { FarmCalls } from "../lab/farm-calls.ts";
import { manyFarms } from "./farms.ts";
import { openHosts } from "./hosts.ts";
import { openOwnAgent } from "./own-agent.ts";
import { percentile, type Row } from "./table.ts";
import { byTens, byUnits, type WeightWay } from "./weight-ways.ts";

type Options = {
  readonly farms: readonly number[];
  readonly backends: number;
  /** measured in a new process, and again in one that made `between` more */
  readonly changes: number;
  readonly between: number;
};

/** every fifth farm remembers its clients */
const stickyEvery = 5;
const sticky = { persistence: { by: "source-address", timeoutS: 120 } };
/** after a load: the agent has listed what it wrote, and its waiting load is made */
const settleMs = 8000;
const disk = { place: "journal on disk", folder: "/var/tmp" };
const memory = { place: "journal in memory", folder: "/dev/shm" };
const cases = [
  { ...disk, way: byTens },
  { ...memory, way: byTens },
  { ...disk, way: byUnits },
] as const;

export async function benchAgent(options: Options): Promise<Row[]> {
  const rows: Row[] = [await syncRow(options.changes)];
  for (const count of options.farms) {
    const farms = manyFarms(count, options.backends, (at) => (at % stickyEvery === 0 ? sticky : {}));
    for (const { place, folder, way } of cases) {
      const { first, steady } = await measure(farms, folder, way, options);
      const name = `${count} x ${options.backends}, ${way.name}, ${place}`;
      rows.push(row(`${name}, new process`, first), row(name, steady));
    }
  }
  return rows;
}

type Sample = { readonly applyMs: readonly number[]; readonly callMs: readonly number[] };

async function measure(farms: readonly Farm[], parent: string, way: WeightWay, { changes, between }: Options) {
  const hosts = openHosts();
  const data = mkdtempSync(join(parent, "sluice-bench-"));
  try {
    const agent = await openOwnAgent(hosts, data);
    await agent.seed(farms);
    const calls = new FarmCalls(agent.socket);
    await calls.farms();
    await wait(settleMs);
    const first = await timeChanges(calls, farms, way, 0, changes);
    await timeChanges(calls, farms, way, changes, between);
    return { first, steady: await timeChanges(calls, farms, way, changes + between, changes) };
  } finally {
    hosts.close();
    rmSync(data, { recursive: true, force: true });
  }
}

/** `count` changes, one after the other, from the `from`-th on: the farms in turn, each time another weight. */
async function timeChanges(
  calls: FarmCalls,
  farms: readonly Farm[],
  way: WeightWay,
  from: number,
  count: number,
): Promise<Sample> {
  const applyMs: number[] = [];
  const callMs: number[] = [];
  for (let at = from; at < from + count; at++) {
    const farm = farms[(at * 7) % farms.length];
    if (farm === undefined) throw new Error("no farm to change");
    const round = Math.floor(at / farms.length);
    const weights = farm.backends.map(({ weight }, i) =>
      i === at % farm.backends.length ? way.weightAt(at + round) : weight,
    );
    const started = performance.now();
    const applied = await calls.weights(farm, weights);
    callMs.push(performance.now() - started);
    if (applied.statements === 0) throw new Error(`change ${at} changed nothing in the kernel`);
    applyMs.push(applied.applyMs);
  }
  return { applyMs, callMs };
}

/** The disk by itself: an appended line of a change's size, synced. */
async function syncRow(times: number): Promise<Row> {
  const folder = mkdtempSync(join(disk.folder, "sluice-bench-"));
  const file = join(folder, "journal");
  writeFileSync(file, "");
  const handle = await open(file, "a");
  const tookMs: number[] = [];
  try {
    for (let at = 0; at < times; at++) {
      const started = performance.now();
      await handle.write(`${"x".repeat(500)}\n`);
      await handle.datasync();
      tookMs.push(performance.now() - started);
    }
  } finally {
    await handle.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    name: "the disk alone: one line written and synced",
    figures: { "apply p50 ms": percentile(tookMs, 50).toFixed(2), "apply p95 ms": percentile(tookMs, 95).toFixed(2) },
  };
}

function row(name: string, { applyMs, callMs }: Sample): Row {
  return {
    name,
    figures: {
      "apply p50 ms": percentile(applyMs, 50).toFixed(2),
      "apply p95 ms": percentile(applyMs, 95).toFixed(2),
      "call p50 ms": percentile(callMs, 50).toFixed(2),
      "call p95 ms": percentile(callMs, 95).toFixed(2),
      changes: String(applyMs.length),
    },
  };
}
