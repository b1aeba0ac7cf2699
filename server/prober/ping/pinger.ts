/**
 * ICMP echo through fping: what comes due within a moment is asked by one process. fping runs without any right of its own, by
 * datagram sockets; what keeps it from running is said as "cannot-check", for it says nothing about the backends.
 */
import type { Answer, Done } from "../attempt.ts";
import type { PingLine } from "./ping-lines.ts";

type PingTarget = { readonly address: string; readonly timeoutMs: number };
export type Pinger = { ask(target: PingTarget, done: Done): void; stop(): void };

/** One process over a list of addresses. `onEnd` comes once, last: null, or why it could not ask. */
export type RunPing = (
  addresses: readonly string[],
  timeoutMs: number,
  handlers: { readonly onLine: (line: PingLine) => void; readonly onEnd: (problem: string | null) => void },
) => { stop(): void };

export type PingerDeps = { readonly run: RunPing; readonly gatherMs: number; readonly batchMax: number };

/** address -> who wants to know */
type Batch = Map<string, Done[]>;

export function createPinger({ run, gatherMs, batchMax }: PingerDeps): Pinger {
  const gathering = new Map<number, Batch>();
  const running = new Set<{ stop(): void }>();
  let timer: NodeJS.Timeout | null = null;

  function startAll(): void {
    timer = null;
    for (const [timeoutMs, batch] of gathering) start(timeoutMs, batch);
    gathering.clear();
  }

  function start(timeoutMs: number, batch: Batch): void {
    const unreachable = new Set<string>();
    const process = run([...batch.keys()], timeoutMs, {
      onLine({ address, outcome, tookUs }) {
        const waiting = batch.get(address);
        if (waiting === undefined) return;
        // fping goes on to report the same address as silent
        if (outcome === "unreachable") return void unreachable.add(address);
        batch.delete(address);
        const answer = outcome === "alive" ? good(tookUs) : silent(unreachable.has(address), timeoutMs);
        for (const done of waiting) done(answer);
      },
      onEnd(problem) {
        running.delete(process);
        const answer = bad("cannot-check", problem ?? "fping ended without an answer");
        for (const done of [...batch.values()].flat()) done(answer);
        batch.clear();
      },
    });
    running.add(process);
  }

  return {
    ask({ address, timeoutMs }, done) {
      const batch: Batch = gathering.get(timeoutMs) ?? new Map();
      gathering.set(timeoutMs, batch);
      batch.set(address, [...(batch.get(address) ?? []), done]);
      if (batch.size >= batchMax) {
        gathering.delete(timeoutMs);
        start(timeoutMs, batch);
      }
      timer ??= setTimeout(startAll, gatherMs);
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      for (const process of running) process.stop();
    },
  };
}

function good(tookUs: number): Answer {
  return { connectUs: null, tookUs, error: null, text: "", degraded: false };
}

function silent(isUnreachable: boolean, timeoutMs: number): Answer {
  return isUnreachable ? bad("unreachable", "no route to the host") : bad("timeout", `no echo within ${timeoutMs} ms`);
}

function bad(error: NonNullable<Answer["error"]>, text: string): Answer {
  return { connectUs: null, tookUs: null, error, text, degraded: false };
}
