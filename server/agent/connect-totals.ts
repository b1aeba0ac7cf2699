/** Connect times and failures per backend (by the kernel's id), counted until they are taken over into the totals of a farm. */
import { addTime, emptyTimeHistogram, type TimeHistogram } from "../core/metrics/time-histogram.ts";
import type { ProbeResult } from "../wire/prober.ts";
import { markOf } from "./probe-keys.ts";

type Probed = { readonly times: TimeHistogram; failed: number };

export type ConnectTotals = {
  take(results: readonly ProbeResult[]): void;
  /** what came since the last call; null = nothing */
  drain(markId: number): Probed | null;
  forget(markIds: Iterable<number>): void;
};

export function createConnectTotals(): ConnectTotals {
  const waiting = new Map<number, Probed>();
  return {
    take(results) {
      for (const { key, connectUs } of results) {
        const id = markOf(key);
        const probed = waiting.get(id) ?? { times: emptyTimeHistogram(), failed: 0 };
        waiting.set(id, probed);
        if (connectUs === null) probed.failed += 1;
        else addTime(probed.times, connectUs);
      }
    },
    drain(markId) {
      const probed = waiting.get(markId);
      if (probed === undefined) return null;
      waiting.delete(markId);
      return probed;
    },
    forget(markIds) {
      for (const id of markIds) waiting.delete(id);
    },
  };
}
