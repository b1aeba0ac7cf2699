/**
 * What rewriting and repairing costs the connections that come in meanwhile. An agent with many farms, one of them with real servers under a
 * steady flood of new connections; the changes hit that farm every second time. Lost = refused, reset, unanswered; a SYN that had to be
 * sent again was dropped on its way and is counted beside it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { Farm } from "../core/farm/types.ts";
import { FarmCalls } from "../lab/farm-calls.ts";
import { farmOf, manyFarms } from "./farms.ts";
import { type Flood, startFlood } from "./flood.ts";
import { type Hosts, openHosts } from "./hosts.ts";
import { type OwnAgent, openOwnAgent } from "./own-agent.ts";
import { repairs } from "./repairs.ts";
import { percentile, type Row } from "./table.ts";

type Size = { readonly farms: number; readonly backends: number };
type Scene = { readonly hosts: Hosts; readonly agent: OwnAgent; readonly farms: readonly Farm[]; readonly vip: string };

const settleMs = 8000;

export async function benchRewrites(options: Size & { rewrites: number; limitMs: number }): Promise<Row[]> {
  return inScene(options, async ({ agent, farms, vip, hosts }) => {
    const calls = new FarmCalls(agent.socket);
    await calls.farms();
    const flood = await startFlood(hosts, [vip]);
    const applyMs: number[] = [];
    const startedMs = performance.now();
    for (let at = 0; at < options.rewrites && performance.now() - startedMs < options.limitMs; at++) {
      const farm = farms[at % 2 === 0 ? 0 : (at * 7) % farms.length];
      if (farm === undefined) throw new Error("no farm to change");
      const weights = farm.backends.map((_, i) => 1 + ((at * 37 + i * 101) % 100));
      applyMs.push((await calls.weights(farm, weights)).applyMs);
    }
    const apply = {
      "apply p50 ms": percentile(applyMs, 50).toFixed(1),
      "apply p95 ms": percentile(applyMs, 95).toFixed(1),
    };
    return [await row(`${applyMs.length} weight rewrites`, flood, apply)];
  });
}

export async function benchRepairs(options: Size & { repairs: number; limitMs: number }): Promise<Row[]> {
  return inScene(options, async ({ agent, vip, hosts }) => {
    const flood = await startFlood(hosts, [vip]);
    const tookMs = await repairs(hosts, agent.socket, options);
    const took = {
      "back p50 ms": percentile(tookMs, 50).toFixed(0),
      "back p95 ms": percentile(tookMs, 95).toFixed(0),
    };
    return [await row(`${tookMs.length} repairs`, flood, took)];
  });
}

async function inScene(size: Size, work: (scene: Scene) => Promise<Row[]>): Promise<Row[]> {
  const hosts = openHosts();
  const data = mkdtempSync(join(tmpdir(), "sluice-bench-data-"));
  try {
    const agent = await openOwnAgent(hosts, data);
    const vip = hosts.vips(size.farms + 1).at(-1) ?? "";
    const farms = [farmOf("flooded", vip, hosts.backends(size.backends)), ...manyFarms(size.farms - 1, size.backends)];
    await agent.seed(farms);
    await wait(settleMs);
    return await work({ hosts, agent, farms, vip });
  } finally {
    hosts.close();
    rmSync(data, { recursive: true, force: true });
  }
}

async function row(name: string, flood: Flood, more: Record<string, string>): Promise<Row> {
  const { connections, lost, synsAgain, longestMs, tookMs } = await flood.stop();
  return {
    name,
    figures: {
      lost: String(lost),
      connections: String(connections),
      "conn/s": ((connections * 1000) / tookMs).toFixed(0),
      "SYNs sent again": String(synsAgain),
      "longest ms": longestMs.toFixed(0),
      ...more,
    },
  };
}
