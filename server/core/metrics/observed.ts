/**
 * Observed share: what part of a farm's new connections a backend really got, beside the band in which that part lies 95 % of
 * the time when each connection is placed by chance (binomial, normal approximation): planned +- 1.96 * sqrt(p (1 - p) / n).
 * Incremental schedulers (weighted, round-robin) step through their slots and scatter less; they are judged by the same, wider
 * band, so for them "out of band" is a strong word and "in band" a weak one. Shares and bands are percent, 0..100.
 */
import type { Farm, Scheduler } from "../farm/types.ts";
import type { ObservedShare } from "./live.ts";

/** Two-sided 95 % of a normal distribution. */
const z95 = 1.959964;

/** A wider band says nothing yet. */
const bandMaxPct = 10;
/** Below this the normal approximation says nothing even when p is near 0 or 1. */
const connectionsMin = 20;

export type ObservedInput = {
  readonly plannedPct: number;
  /** new connections of this backend, and of all backends of its family, in the window */
  readonly backendConnections: number;
  readonly connections: number;
  readonly sinceMs: number;
  /** the scheduler or stickiness makes the planned share only a goal: shown, not judged */
  readonly isGoal: boolean;
};

/** null while nothing was counted: a share of no connections is not zero. */
export function observedShare(input: ObservedInput): ObservedShare | null {
  const { plannedPct, backendConnections, connections, sinceMs } = input;
  if (connections <= 0) return null;
  const sharePct = (100 * backendConnections) / connections;
  const bandPct = bandHalfPct(plannedPct, connections);
  return { sharePct, bandPct, connections, sinceMs, verdict: verdictOf(input, sharePct, bandPct) };
}

/** Half width of the 95 % band around a planned share after that many connections. */
export function bandHalfPct(plannedPct: number, connections: number): number {
  const p = Math.min(1, Math.max(0, plannedPct / 100));
  return connections <= 0 ? 100 : 100 * z95 * Math.sqrt((p * (1 - p)) / connections);
}

/** New connections until the band is as narrow as `bandPct`. */
export function connectionsFor(plannedPct: number, bandPct: number): number {
  const p = plannedPct / 100;
  return Math.ceil(p * (1 - p) * ((100 * z95) / bandPct) ** 2);
}

/** Whether planned shares are only a goal: hashing and least-* follow clients or load, stickiness follows earlier choices. */
export function sharesAreGoal(farm: Pick<Farm, "scheduler" | "persistence">): boolean {
  const exact: readonly Scheduler[] = ["round-robin", "weighted", "random"];
  return farm.persistence !== null || !exact.includes(farm.scheduler);
}

function verdictOf(input: ObservedInput, sharePct: number, bandPct: number): ObservedShare["verdict"] {
  if (input.isGoal) return "goal";
  if (input.connections < connectionsMin || bandPct > bandMaxPct) return "few";
  return Math.abs(sharePct - input.plannedPct) <= bandPct + 1e-9 ? "in-band" : "out-of-band";
}
