/**
 * Probe results per backend (by the kernel's id): connect times over a rolling minute, the last result, and how many failed in a row.
 * What is not asked any more is forgotten by whoever asked. Health stays unknown: a probe measures, it does not judge.
 */
import { octaveHistogram } from "../core/metrics/buckets.ts";
import type { ConnectTime } from "../core/metrics/live.ts";
import {
  addLatency,
  bucketsIn,
  connectTime,
  emptyRollingLatency,
  expireLatency,
  type RollingLatency,
} from "../core/metrics/rolling-latency.ts";
import type { Histogram } from "../wire/monitor.ts";
import type { ProbeResult } from "../wire/prober.ts";
import { markOf } from "./probe-keys.ts";
import { errorTexts } from "./probe-words.ts";

export type BackendProbe = {
  readonly rolling: RollingLatency;
  lastAt: number;
  failuresInRow: number;
  lastError: ProbeResult["error"];
  /** what the last results say, in words; null = nothing to say */
  reason: string | null;
  cached: { readonly atMs: number; readonly connect: ConnectTime | null } | null;
};

export type Latency = {
  take(results: readonly ProbeResult[]): void;
  of(markId: number): BackendProbe | null;
  connect(markId: number, nowMs: number): ConnectTime | null;
  /** null = nothing was measured within the minute */
  times(markId: number, nowMs: number): Histogram | null;
  farmConnect(markIds: readonly number[], nowMs: number): ConnectTime | null;
  /** no target any more */
  forget(markIds: Iterable<number>): void;
};

const cacheMs = 5000;
/** a result from the future or from long ago would sit in the window for ever */
const clockSlackMs = 5000;

export function createLatency(now: () => number): Latency {
  const probes = new Map<number, BackendProbe>();

  function takeOne(result: ProbeResult): void {
    const markId = markOf(result.key);
    const probe = probes.get(markId) ?? emptyProbe();
    probes.set(markId, probe);
    const at = Math.abs(result.at - now()) > clockSlackMs ? now() : result.at;
    addLatency(probe.rolling, at, result.connectUs);
    probe.lastAt = at;
    probe.lastError = result.error;
    probe.failuresInRow = result.connectUs === null ? probe.failuresInRow + 1 : 0;
    probe.reason = probeReason(probe);
    probe.cached = null;
  }

  function connect(markId: number, nowMs: number): ConnectTime | null {
    const probe = probes.get(markId);
    if (probe === undefined) return null;
    if (probe.cached === null || nowMs - probe.cached.atMs > cacheMs)
      probe.cached = { atMs: nowMs, connect: connectTime([probe.rolling], nowMs) };
    return probe.cached.connect;
  }

  return {
    take(results) {
      for (const result of results) takeOne(result);
    },
    of: (markId) => probes.get(markId) ?? null,
    connect,
    times(markId, nowMs) {
      const rolling = probes.get(markId)?.rolling;
      if (rolling === undefined) return null;
      expireLatency(rolling, nowMs);
      return rolling.length === rolling.failed ? null : octaveHistogram(bucketsIn(rolling));
    },
    farmConnect: (markIds, nowMs) =>
      connectTime(
        markIds.flatMap((id) => probes.get(id)?.rolling ?? []),
        nowMs,
      ),
    forget(markIds) {
      for (const id of markIds) probes.delete(id);
    },
  };
}

function emptyProbe(): BackendProbe {
  const rolling = emptyRollingLatency(60_000, 256);
  return { rolling, lastAt: 0, failuresInRow: 0, lastError: null, reason: null, cached: null };
}

type FailingProbe = BackendProbe & { readonly lastError: NonNullable<ProbeResult["error"]> };

/** One lost probe is no trouble yet. */
export function isFailing(probe: BackendProbe | null): probe is FailingProbe {
  return probe !== null && probe.failuresInRow >= 2 && probe.lastError !== null;
}

/** In words, when the last two probes or more failed. */
function probeReason(probe: BackendProbe): string | null {
  if (!isFailing(probe)) return null;
  return `${errorTexts[probe.lastError]}, last ${probe.failuresInRow} probes`;
}
