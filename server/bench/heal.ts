/**
 * Everything flushed by somebody else beside many farms: from the end of `nft flush ruleset` until our table is whole again (its load is one
 * transaction). The watcher is a shell in the balancer's namespace, so each figure holds a few milliseconds of its own.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { createAgentLink } from "../agent-link/create-agent-link.ts";
import { type OpenLab, openLab } from "../lab/open-lab.ts";
import { manyFarms } from "./farms.ts";
import { median, type Row } from "./table.ts";

/** between two flushes: the agent has looked at what it wrote, and is at rest */
const restMs = 4000;

const flushAndWatch =
  "nft flush ruleset; from=$(date +%s%N); " +
  "until nft list tables inet | grep -qx 'table inet sluice'; do sleep 0.002; done; " +
  "echo $(( ($(date +%s%N) - from) / 1000 ))";

/** one slot away, by hand: until it is back */
const takeAndWatch = (slot: string) =>
  `nft delete element inet sluice slots '{ ${slot} }'; from=$(date +%s%N); ` +
  `until nft get element inet sluice slots '{ ${slot} }' >/dev/null 2>&1; do sleep 0.02; done; ` +
  "echo $(( ($(date +%s%N) - from) / 1000 ))";

export async function benchHeal(options: { farms: number; backends: number; rounds: number }): Promise<Row[]> {
  const lab = await openLab({ clients: false, farms: [] });
  try {
    const link = createAgentLink({ socketPath: lab.socket });
    const farms = manyFarms(options.farms, options.backends);
    const actor = { id: "bench", name: "bench" };
    const seeded = await link.seed({ uuid: randomUUID(), actor, epoch: 2, farms });
    if (!seeded.ok) throw new Error(seeded.error.text);
    const size = `${options.farms} x ${options.backends}`;
    const slot = await anySlot(lab);
    return [
      await measure(lab, `everything flushed, ${size}`, flushAndWatch, options.rounds),
      await measure(lab, `one slot deleted, ${size}`, takeAndWatch(slot), options.rounds),
    ];
  } finally {
    await lab.close();
  }
}

async function anySlot(lab: OpenLab): Promise<string> {
  const listed = await lab.exec("balancer", [
    "sh",
    "-c",
    "nft list map inet sluice slots | grep -m1 -o '0x[0-9a-f]* :'",
  ]);
  return listed.stdout.split(" ")[0] ?? "";
}

async function measure(lab: OpenLab, name: string, script: string, rounds: number): Promise<Row> {
  const tookMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await wait(restMs);
    const done = await lab.exec("balancer", ["sh", "-c", script]);
    if (done.code !== 0) throw new Error(done.stderr.slice(0, 300));
    tookMs.push(Number(done.stdout) / 1000);
  }
  const figures = {
    "back ms, median": median(tookMs).toFixed(0),
    "least ms": Math.min(...tookMs).toFixed(0),
    "most ms": Math.max(...tookMs).toFixed(0),
    rounds: String(rounds),
  };
  return { name, figures };
}
