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

export type PingerDeps = {
  readonly run: RunPing;
  readonly gatherMs: (timeoutMs: number) => number;
  readonly batchMax: number;
};

/** address -> who wants to know */
type Batch = Map<string, Done[]>;
type Gathering = { readonly batch: Batch; readonly timer: NodeJS.Timeout };

/** A process lives as long as its slowest address may take: the longer that is, the fewer are begun. */
export function pingGatherMs(timeoutMs: number): number {
  return Math.min(1000, Math.max(40, timeoutMs / 25));
}

export function createPinger({ run, gatherMs, batchMax }: PingerDeps): Pinger {
  const gathering = new Map<number, Gathering>();
  const running = new Set<{ stop(): void }>();

  function gather(timeoutMs: number): Gathering {
    const begun = { batch: new Map(), timer: setTimeout(() => startGathered(timeoutMs), gatherMs(timeoutMs)) };
    gathering.set(timeoutMs, begun);
    return begun;
  }

  function startGathered(timeoutMs: number): void {
    const gathered = gathering.get(timeoutMs);
    if (gathered === undefined) return;
    clearTimeout(gathered.timer);
    gathering.delete(timeoutMs);
    start(timeoutMs, gathered.batch);
  }

  function start(timeoutMs: number, batch: Batch): void {
    const unreachable = new Set<string>();
    /** why it is silent may come later: that is said on another stream */
    const silentOnes = new Set<string>();
    const process = run([...batch.keys()], timeoutMs, {
      onLine({ address, outcome, tookUs }) {
        const waiting = batch.get(address);
        if (waiting === undefined) return;
        // fping goes on to report the same address as silent
        if (outcome === "unreachable") return void unreachable.add(address);
        if (outcome === "silent") return void silentOnes.add(address);
        batch.delete(address);
        for (const done of waiting) done(good(tookUs));
      },
      onEnd(problem) {
        running.delete(process);
        const unasked = bad("cannot-check", problem ?? "fping ended without an answer");
        for (const [address, waiting] of batch) {
          for (const done of waiting)
            done(silentOnes.has(address) ? silent(unreachable.has(address), timeoutMs) : unasked);
        }
        batch.clear();
      },
    });
    running.add(process);
  }

  return {
    ask({ address, timeoutMs }, done) {
      const { batch } = gathering.get(timeoutMs) ?? gather(timeoutMs);
      batch.set(address, [...(batch.get(address) ?? []), done]);
      if (batch.size >= batchMax) startGathered(timeoutMs);
    },
    stop() {
      for (const { timer } of gathering.values()) clearTimeout(timer);
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
