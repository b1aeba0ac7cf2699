/**
 * The agent's end of the prober's socket. It sends targets and takes only "target X: result", parsed by schema; results for targets it
 * never named are dropped. One prober at a time: a newer connection replaces the older.
 */
import { chmodSync, chownSync } from "node:fs";
import net from "node:net";
import { isDeepStrictEqual } from "node:util";
import { parseJson } from "../core/json.ts";
import { type ProbeResult, type ProberOrder, type ProbeTarget, proberReportSchema } from "../wire/prober.ts";
import { listen, prepareSocketPath } from "./callers.ts";

export type ProberLink = {
  change(add: readonly ProbeTarget[], remove: readonly string[]): void;
  /** these are asked once more, at once */
  now(keys: readonly string[]): void;
  /** of the connected prober; null = there is none */
  pid(): number | null;
  /** the shortest time in which one of the targets has an answer; null = no prober, or no target */
  soonestMs(): number | null;
  close(): void;
};

export type ProberLinkDeps = {
  readonly path: string;
  /** group that may open the socket; null = leave it */
  readonly gid: number | null;
  readonly onResults: (results: readonly ProbeResult[]) => void;
  readonly onPresence: (isThere: boolean) => void;
  readonly log: (level: "info" | "warn", event: string, fields?: Record<string, unknown>) => void;
};

const lineBytesMax = 8 * 1024 * 1024;

export async function serveProber(deps: ProberLinkDeps): Promise<ProberLink> {
  let current: net.Socket | null = null;
  let pid: number | null = null;
  const targets = new Map<string, ProbeTarget>();
  /** of the targets as they are; null = to be found anew */
  let soonest: number | null = null;

  function order(message: ProberOrder): void {
    current?.write(`${JSON.stringify(message)}\n`);
  }

  function take(line: string): void {
    const parsed = proberReportSchema.safeParse(parseJson(line));
    if (!parsed.success) {
      deps.log("warn", "prober-message-not-understood");
      return;
    }
    pid = parsed.data.pid;
    const known = parsed.data.results.filter((result) => targets.has(result.key));
    if (known.length > 0) deps.onResults(known);
  }

  const server = net.createServer((socket) => {
    current?.destroy();
    current = socket;
    pid = null;
    readLines(socket, lineBytesMax, take);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (current !== socket) return;
      current = null;
      pid = null;
      deps.onPresence(false);
    });
    order({ type: "targets", targets: [...targets.values()] });
    deps.onPresence(true);
  });
  await prepareSocketPath(deps.path);
  await listen(server, deps.path);
  chmodSync(deps.path, 0o660);
  if (deps.gid !== null) chownSync(deps.path, -1, deps.gid);

  return {
    change(add, remove) {
      const differing = add.filter((target) => !sameTarget(targets.get(target.key), target));
      for (const key of remove) targets.delete(key);
      for (const target of differing) targets.set(target.key, target);
      soonest = null;
      if (differing.length > 0 || remove.length > 0) order({ type: "change", add: differing, remove: [...remove] });
    },
    now: (keys) => order({ type: "now", keys: [...keys] }),
    pid: () => pid,
    soonestMs() {
      if (current === null || targets.size === 0) return null;
      soonest ??= soonestOf(targets.values());
      return soonest;
    },
    close() {
      server.close();
      current?.destroy();
    },
  };
}

function readLines(socket: net.Socket, bytesMax: number, take: (line: string) => void): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (piece: string) => {
    rest += piece;
    const end = rest.lastIndexOf("\n");
    if (end >= 0) {
      for (const line of rest.slice(0, end).split("\n")) take(line);
      rest = rest.slice(end + 1);
    }
    if (rest.length > bytesMax) socket.destroy();
  });
}

function soonestOf(targets: Iterable<ProbeTarget>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { intervalMs, timeoutMs } of targets) least = Math.min(least, intervalMs + timeoutMs);
  return least;
}

function sameTarget(a: ProbeTarget | undefined, b: ProbeTarget): boolean {
  return (
    a !== undefined &&
    a.address === b.address &&
    a.port === b.port &&
    a.intervalMs === b.intervalMs &&
    a.timeoutMs === b.timeoutMs &&
    isDeepStrictEqual(a.probe, b.probe)
  );
}
