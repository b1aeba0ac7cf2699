/**
 * How much the values on the page can be trusted. Ticks come each second; after three missed ones values are stale. Ages are
 * measured on the reader's own clock from when something arrived, so that a wrong clock on either side makes no false age.
 */
import type { AgentState } from "@/server/core/metrics/feed.ts";

export type Freshness = {
  /** connecting: nothing came yet. stale: the stream is silent. lost: the agent does not answer (or speaks another protocol) */
  readonly state: "connecting" | "live" | "stale" | "lost";
  /** age of the values in whole seconds; null while live or never seen */
  readonly ageS: number | null;
};

const staleAfterMs = 3500;

export type Arrivals = {
  /** reader's clock, when the last tick or filled snapshot arrived; null = never */
  readonly valuesAtMs: number | null;
  readonly agent: Pick<AgentState, "state"> | null;
};

export function freshness(arrivals: Arrivals, nowMs: number): Freshness {
  const { valuesAtMs, agent } = arrivals;
  const ageS = valuesAtMs === null ? null : Math.max(0, Math.floor((nowMs - valuesAtMs) / 1000));
  if (agent !== null && agent.state !== "answering") return { state: "lost", ageS };
  if (valuesAtMs === null) return { state: "connecting", ageS: null };
  return nowMs - valuesAtMs > staleAfterMs ? { state: "stale", ageS } : { state: "live", ageS: null };
}

/** Nothing may stay green that is not known. */
export function isNotKnown(state: Freshness["state"]): boolean {
  return state === "lost" || state === "stale";
}
