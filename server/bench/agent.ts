/**
 * One weight change in the agent, asked over its socket one after the other, without web: `applyMs` of its answer (plan, intent on disk,
 * transaction, proof, outcome) beside the whole call. Once with the journal on this disk, once in memory: the difference is the disk's sync.
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

type Options = { readonly farms: readonly number[]; readonly backends: number; readonly changes: number };

/** every fifth farm remembers its clients */
const stickyEvery = 5;
const sticky = { persistence: { by: "source-address", timeoutS: 120 } };
/** after a load: the agent has listed what it wrote, and its waiting load is made */
const settleMs = 8000;
const places = [
  { name: "journal on disk", folder: "/var/tmp" },
  { name: "journal in memory", folder: "/dev/shm" },
] as const;

export async function benchAgent(options: Options): Promise<Row[]> {
  const rows: Row[] = [await syncRow(options.changes)];
  for (const count of options.farms) {
    const farms = manyFarms(count, options.backends, (at) => (at % stickyEvery === 0 ? sticky : {}));
    for (const place of places) {
      const sample = await measure(farms, place.folder, options.changes);
      rows.push(row(`${count} x ${options.backends}, ${place.name}`, sample));
    }
  }
  return rows;
}

type Sample = { readonly applyMs: readonly number[]; readonly callMs: readonly number[] };

async function measure(farms: readonly Farm[], parent: string, changes: number): Promise<Sample> {
  const hosts = openHosts();
  const data = mkdtempSync(join(parent, "sluice-bench-"));
  try {
    const agent = await openOwnAgent(hosts, data);
    await agent.seed(farms);
    const calls = new FarmCalls(agent.socket);
    await calls.farms();
    await wait(settleMs);
    const applyMs: number[] = [];
    const callMs: number[] = [];
    for (let at = 0; at < changes; at++) {
      const farm = farms[(at * 7) % farms.length];
      if (farm === undefined) throw new Error("no farm to change");
      const weights = farm.backends.map((backend, i) =>
        i === at % farm.backends.length ? 10 + 10 * (at % 10) : backend.weight,
      );
      const started = performance.now();
      const applied = await calls.weights(farm, weights);
      callMs.push(performance.now() - started);
      applyMs.push(applied.applyMs);
    }
    return { applyMs, callMs };
  } finally {
    hosts.close();
    rmSync(data, { recursive: true, force: true });
  }
}

/** The disk by itself: an appended line of a change's size, synced. */
async function syncRow(times: number): Promise<Row> {
  const folder = mkdtempSync(join(places[0].folder, "sluice-bench-"));
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
