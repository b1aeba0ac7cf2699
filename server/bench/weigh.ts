/**
 * What measured weights cost: an agent with many farms by time to answer, and a prober of the bench's own that says what each backend
 * took. CPU of the agent and its children (nft) a second, from the kernel's accounting, against the same farms whose weights stand still; the
 * difference is the round. All changing = every backend of every farm gets another weight each second, which no measuring would make. The
 * first seconds of it in a new process compile what was never needed before, on threads beside; they have a row of their own.
 */
import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createAgentLink } from "../agent-link/create-agent-link.ts";
import type { ProbeResult } from "../wire/prober.ts";
import { proberOrderSchema } from "../wire/prober.ts";
import { processTreeMs } from "./cpu.ts";
import { manyFarms } from "./farms.ts";
import { openHosts } from "./hosts.ts";
import { type OwnAgent, openOwnAgent } from "./own-agent.ts";
import type { Row } from "./table.ts";

const settleMs = 15_000;
/** until the median of the last answers is of the new ones */
const medianMs = 2500;
/** weights need more than that to get from one bound to the other */
const windowS = 6;
const alikeUs = 10_000;
/** so many times faster one half of a farm, and slower the other: further apart than the weights can follow within the window */
const apart = 100;

export async function benchWeigh(options: { farms: number; backends: number }): Promise<Row[]> {
  const hosts = openHosts();
  const data = mkdtempSync(join(tmpdir(), "sluice-bench-data-"));
  try {
    const agent = await openOwnAgent(hosts, data);
    const prober = await openProber(join(hosts.folder, "prober.sock"));
    const dynamic = { floorPct: 1, ceilingPct: 1000 };
    const farms = manyFarms(options.farms, options.backends, () => ({ scheduler: "least-load", dynamic }));
    // as many slots, nothing that is measured
    await agent.seed(farms);
    const fixed = await measure(agent, prober, () => alikeUs);
    // the same farms: what others leave behind would be tidied up meanwhile
    await agent.seed(farms.map((farm) => ({ ...farm, scheduler: "least-response" })));
    const still = await measure(agent, prober, () => alikeUs);
    const tookUs = (at: number) => (at % 2 === 0 ? alikeUs / apart : alikeUs * apart);
    const first = await measure(agent, prober, tookUs);
    const moving = await measure(agent, prober, tookUs);
    prober.close();
    return [
      row("fixed weights", fixed, fixed),
      row("measured, none changing", still, fixed),
      row("measured, all changing for the first time", first, fixed),
      row("measured, all changing", moving, fixed),
    ];
  } finally {
    hosts.close();
    rmSync(data, { recursive: true, force: true });
  }
}

type Measured = { readonly cpuMsPerS: number; readonly movedPerS: number };

function row(name: string, { cpuMsPerS, movedPerS }: Measured, base: Measured): Row {
  const figures = {
    "agent CPU ms/s": cpuMsPerS.toFixed(0),
    "round ms": (cpuMsPerS - base.cpuMsPerS).toFixed(0),
    "weights moved/s": movedPerS.toFixed(0),
  };
  return { name, figures };
}

/**
 * `tookUs`: by the place of a backend among all. What was measured before has settled when the window begins. Who listens to the rows of all
 * farms costs more than the round, so moves are counted the second time.
 */
async function measure(agent: OwnAgent, prober: Prober, tookUs: (at: number) => number): Promise<Measured> {
  await begin(prober, tookUs);
  const before = processTreeMs(agent.pid());
  await wait(windowS * 1000);
  const cpuMsPerS = (processTreeMs(agent.pid()) - before) / windowS;
  await begin(prober, tookUs);
  const moves = await countMoves(agent.socket, AbortSignal.timeout(windowS * 1000));
  return { cpuMsPerS, movedPerS: moves / windowS };
}

async function begin(prober: Prober, tookUs: (at: number) => number): Promise<void> {
  prober.say(() => alikeUs);
  await wait(settleMs);
  prober.say(tookUs);
  await wait(medianMs);
}

/** Factors that are others than in the row before. */
async function countMoves(socketPath: string, signal: AbortSignal): Promise<number> {
  const factors = new Map<string, number>();
  let moves = 0;
  await createAgentLink({ socketPath }).stream((message) => {
    if (message.type !== "tick" && message.type !== "hello") return;
    for (const { backendId, weights } of message.farms.flatMap(({ backends }) => backends)) {
      const factor = weights?.dynamic?.factor ?? 1;
      if (message.type === "tick" && factors.get(backendId) !== factor) moves += 1;
      factors.set(backendId, factor);
    }
  }, signal);
  return moves;
}

type Prober = { say(tookUs: (at: number) => number): void; close(): void };

/** Says each second of every target how long it took. */
async function openProber(path: string): Promise<Prober> {
  const socket = net.connect(path);
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  const keys = new Set<string>();
  let tookUs = (_: number) => alikeUs;
  let rest = "";
  socket.setEncoding("utf8").on("data", (piece: string) => {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) follow(keys, line);
  });
  const timer = setInterval(() => {
    const at = Date.now();
    const results = Array.from(keys, (key, place): ProbeResult => {
      const us = tookUs(place);
      return { key, at, connectUs: us, tookUs: us, error: null, text: "", degraded: false };
    });
    socket.write(`${JSON.stringify({ type: "results", pid: process.pid, results })}\n`);
  }, 1000);
  return {
    say(next) {
      tookUs = next;
    },
    close() {
      clearInterval(timer);
      socket.destroy();
    },
  };
}

function follow(keys: Set<string>, line: string): void {
  const order = proberOrderSchema.parse(JSON.parse(line));
  if (order.type === "targets") {
    keys.clear();
    for (const { key } of order.targets) keys.add(key);
  } else if (order.type === "change") {
    for (const key of order.remove) keys.delete(key);
    for (const { key } of order.add) keys.add(key);
  }
}
