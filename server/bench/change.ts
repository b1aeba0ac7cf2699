/**
 * Server action to proven kernel change: the clock runs from the POST of setWeightsAction to its answer, which is given after the kernel has the
 * change (generation proven), the journal is on disk and the database has the revision. Beside many loaded farms; each change is of another farm.
 */
import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod/mini";
import { createAgentLink } from "../agent-link/create-agent-link.ts";
import type { Farm } from "../core/farm/types.ts";
import { manyFarms } from "./farms.ts";
import { openProduct, type Product } from "./product.ts";
import { percentile, type Row } from "./table.ts";
import { byTens, byUnits, type WeightWay } from "./weight-ways.ts";

const outcomeSchema = z.looseObject({ status: z.string(), applyMs: z.optional(z.number()) });

export async function benchChange(options: { farms: number; backends: number; changes: number }): Promise<Row[]> {
  const product = await openProduct();
  try {
    const farms = await seed(product, options);
    await knownToWeb(product, farms.at(-1)?.id ?? "");
    const rows: Row[] = [];
    for (const way of [byTens, byUnits]) rows.push(await measure(product, farms, options, way));
    return rows;
  } finally {
    await product.close();
  }
}

async function measure(
  product: Product,
  farms: readonly Farm[],
  options: { farms: number; backends: number; changes: number },
  { name, weightAt }: WeightWay,
): Promise<Row> {
  const totalMs: number[] = [];
  const agentMs: number[] = [];
  for (let at = 0; at < options.changes; at++) {
    const farm = farms[(at * 7) % farms.length];
    const backend = farm?.backends[at % options.backends];
    if (farm === undefined || backend === undefined) throw new Error("no farm to change");
    const base = (await versionOf(product, farm.id)) ?? 0;
    const weights = { [backend.id]: weightAt(at) };
    const started = performance.now();
    const answer = outcomeSchema.parse(await product.action("setWeightsAction", { farmId: farm.id, base, weights }));
    totalMs.push(performance.now() - started);
    if (answer.status !== "ok") throw new Error(`change ${at}: ${JSON.stringify(answer)}`);
    agentMs.push(answer.applyMs ?? Number.NaN);
  }
  return row(`${name}, ${options.farms} x ${options.backends} loaded`, totalMs, agentMs);
}

async function seed(product: Product, options: { farms: number; backends: number }) {
  const link = createAgentLink({ socketPath: product.agentSocket });
  const before = await link.farms();
  if (!before.ok) throw new Error(before.error.text);
  const farms = manyFarms(options.farms, options.backends);
  const epoch = before.value.epoch + 1;
  const answer = await link.seed({ uuid: randomUUID(), actor: { id: "bench", name: "bench" }, epoch, farms });
  if (!answer.ok || answer.value.outcome !== "applied")
    throw new Error(`seed: ${JSON.stringify(answer).slice(0, 300)}`);
  return farms;
}

/** Web follows the agent; waits until it has taken the seeded farms over. Bounded. */
async function knownToWeb(product: Product, farmId: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    // the import holds web up for seconds, and a connection kept alive meanwhile may be closed under us
    if ((await versionOf(product, farmId).catch(() => null)) !== null) return;
    await wait(100);
  }
  throw new Error("web did not take over the seeded farms within 30 s");
}

async function versionOf(product: Product, farmId: string): Promise<number | null> {
  const response = await fetch(`${product.origin}/api/farms/${farmId}`, { headers: { cookie: product.cookie } });
  if (!response.ok) return null;
  return z.looseObject({ version: z.number() }).parse(await response.json()).version;
}

function row(name: string, totalMs: readonly number[], agentMs: readonly number[]): Row {
  return {
    name,
    figures: {
      "action p50 ms": percentile(totalMs, 50).toFixed(1),
      "action p95 ms": percentile(totalMs, 95).toFixed(1),
      "agent p50 ms": percentile(agentMs, 50).toFixed(1),
      "agent p95 ms": percentile(agentMs, 95).toFixed(1),
      changes: String(totalMs.length),
    },
  };
}
