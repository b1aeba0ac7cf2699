/** Many short connections to one place, a fixed number or for a fixed time, counted by who answered. */
import { askOnce } from "./ask.ts";
import type { ConnectOrder, ConnectReport } from "./messages.ts";
import { clientAddresses } from "./places.ts";

export async function connectMany(order: ConnectOrder): Promise<ConnectReport> {
  const tally = new Tally();
  const startedMs = performance.now();
  const endsMs = order.durationMs === null ? Number.POSITIVE_INFINITY : startedMs + order.durationMs;
  const count = order.count ?? (order.durationMs === null ? 1 : Number.POSITIVE_INFINITY);
  let started = 0;
  const worker = async () => {
    while (started < count && performance.now() < endsMs) {
      const number = started++;
      await pace(order.ratePerS, startedMs, number);
      tally.add(await askOnce({ ...order, source: sourceOf(order, number) }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(order.concurrency, count) }, worker));
  return tally.report(performance.now() - startedMs);
}

/** The address a connection of the clients' namespace starts from; elsewhere the kernel chooses. */
export function sourceOf(
  order: { from: string; source: string | null; address: string },
  number: number,
): string | null {
  if (order.source !== null || order.from !== "clients") return order.source;
  const list = order.address.includes(":") ? clientAddresses.v6 : clientAddresses.v4;
  return list[number % list.length] ?? null;
}

async function pace(ratePerS: number | null, startedMs: number, number: number): Promise<void> {
  if (ratePerS === null) return;
  const waitMs = startedMs + (number * 1000) / ratePerS - performance.now();
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
}

class Tally {
  private readonly answered: Record<string, number> = {};
  private readonly seenAs: Record<string, number> = {};
  private readonly errors: Record<string, number> = {};
  private failed = 0;

  add(result: Awaited<ReturnType<typeof askOnce>>): void {
    if (result.answer !== null) {
      increment(this.answered, result.answer.backend);
      increment(this.seenAs, result.answer.client);
      return;
    }
    this.failed += 1;
    increment(this.errors, result.error ?? "no answer");
  }

  report(durationMs: number): ConnectReport {
    return {
      answered: this.answered,
      seenAs: this.seenAs,
      failed: this.failed,
      errors: this.errors,
      durationMs,
    };
  }
}

function increment(record: Record<string, number>, key: string): void {
  record[key] = (record[key] ?? 0) + 1;
}
