/**
 * From the last failed probe to a kernel without that backend, at many farms: the bench is the prober, says "good" of everybody and then
 * one backend after another fails. Told by the agent's own event, which it makes after the proof of its transaction; each is looked up in
 * the kernel's map afterwards. A farm's backend comes back before it is its turn again.
 */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import type { Farm } from "../core/farm/types.ts";
import { protocolHeader, protocolVersion } from "../wire/agent.ts";
import { type ProbeResult, type ProbeTarget, proberOrderSchema } from "../wire/prober.ts";
import { manyFarms } from "./farms.ts";
import { type Hosts, openHosts } from "./hosts.ts";
import { openOwnAgent } from "./own-agent.ts";
import { percentile, type Row } from "./table.ts";

type Options = { readonly farms: number; readonly backends: number; readonly failures: number };

const fall = 3;
/** asked by hand: an hour is never */
const check = { type: "tcp", intervalMs: 3_600_000, timeoutMs: 1000, rise: 1, fall } as const;
const settleMs = 8000;

export async function benchFailover(options: Options): Promise<Row[]> {
  const hosts = openHosts();
  const data = mkdtempSync("/var/tmp/sluice-bench-");
  try {
    const agent = await openOwnAgent(hosts, data);
    const farms = manyFarms(options.farms, options.backends, () => ({ healthCheck: check }));
    const prober = await handProber(join(hosts.folder, "prober.sock"));
    await agent.seed(farms);
    await prober.knows(options.farms * options.backends);
    prober.say([...prober.keys()].map((key) => ({ key, isGood: true })));
    await wait(settleMs);
    const news = await followEvents(agent.socket);
    const tookMs: number[] = [];
    let missing = 0;
    for (let at = 0; at < options.failures; at++) {
      const farm = farms[(at * 7) % farms.length];
      const target = prober.target(farm?.backends[at % options.backends]?.address ?? "");
      const isDown = news.next("down");
      for (let failed = 1; failed < fall; failed++) prober.say([{ key: target.key, isGood: false }]);
      await wait(20);
      const startedMs = performance.now();
      prober.say([{ key: target.key, isGood: false }]);
      await isDown;
      tookMs.push(performance.now() - startedMs);
      if (await isGone(hosts, farm, target.key)) missing++;
      const isUp = news.next("up");
      prober.say([{ key: target.key, isGood: true }]);
      await isUp;
    }
    news.close();
    prober.close();
    return [
      {
        name: `one of ${options.farms} x ${options.backends} goes down`,
        figures: {
          "p50 ms": percentile(tookMs, 50).toFixed(1),
          "p95 ms": percentile(tookMs, 95).toFixed(1),
          "most ms": Math.max(...tookMs).toFixed(1),
          failures: String(tookMs.length),
          "gone from the kernel": `${missing} of ${tookMs.length}`,
        },
      },
    ];
  } finally {
    hosts.close();
    rmSync(data, { recursive: true, force: true });
  }
}

/** No slot leads to its mark any more. */
async function isGone(hosts: Hosts, farm: Farm | undefined, key: string): Promise<boolean> {
  if (farm === undefined) return false;
  const mark = `0x${(0x51000000 + Number(key.split(":")[0])).toString(16)}`;
  const listed = await hosts.run("balancer", ["nft", "list", "map", "inet", "sluice", "slots"]);
  return !listed.includes(`: ${mark}`);
}

type Said = { readonly key: string; readonly isGood: boolean };

async function handProber(path: string) {
  const targets = new Map<string, ProbeTarget>();
  const socket = net.connect(path);
  await once(socket, "connect");
  let rest = "";
  socket.on("data", (piece) => {
    const lines = (rest + piece.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const order = proberOrderSchema.parse(JSON.parse(line));
      const added = order.type === "targets" ? order.targets : order.type === "change" ? order.add : [];
      for (const target of added) if (target.probe.what === "check") targets.set(target.key, target);
    }
  });
  return {
    keys: () => targets.keys(),
    target(address: string): ProbeTarget {
      const found = [...targets.values()].find((each) => each.address === address);
      if (found === undefined) throw new Error(`nobody shall check ${address}`);
      return found;
    },
    async knows(count: number) {
      while (targets.size < count) await wait(50);
    },
    say(said: readonly Said[]) {
      const results = said.map(({ key, isGood }): ProbeResult => {
        const times = { connectUs: isGood ? 300 : null, tookUs: isGood ? 300 : null };
        return { key, at: Date.now(), ...times, error: isGood ? null : "refused", text: "", degraded: false };
      });
      socket.write(`${JSON.stringify({ type: "results", pid: process.pid, results })}\n`);
    },
    close: () => socket.destroy(),
  };
}

/** Each event of the agent as soon as it is told. Ready when the hello is read: it holds ten thousand backends, and news wait behind it. */
async function followEvents(socketPath: string) {
  const waiting = new Map<string, () => void>();
  const request = http.get({
    socketPath,
    path: "/v1/stream",
    headers: { [protocolHeader]: String(protocolVersion) },
    agent: false,
  });
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  const lines = createInterface({ input: response });
  lines.on("line", (line) => {
    const kind = /^\{"type":"event".*"kind":"([a-z]+)"/.exec(line.slice(0, 400))?.[1];
    if (kind !== undefined) waiting.get(kind)?.();
  });
  await once(lines, "line");
  return {
    next: (kind: string) => new Promise<void>((resolve) => waiting.set(kind, resolve)),
    close() {
      lines.close();
      request.destroy();
    },
  };
}
