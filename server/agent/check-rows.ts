/** What a live row says of a backend's health check: its state, since when and why, and how far its share has grown. */
import type { Farm } from "../core/farm/types.ts";
import { slowStartFactor } from "../core/health/slow-start.ts";
import type { BackendLive, WeightFactors } from "../core/metrics/live.ts";
import { checkLive, type Tracker } from "./check-tracker.ts";

type Told = Pick<BackendLive, "healthSince" | "check">;

export function checkedRow(tracker: Tracker | null): Told {
  if (tracker === null) return {};
  const { state } = tracker;
  return {
    check: checkLive(tracker),
    ...(state.since === null ? {} : { healthSince: state.since }),
  };
}

/** null = it has its whole share, or nobody checks it. */
export function slowStartLive(farm: Farm, tracker: Tracker | null, nowMs: number): WeightFactors["slowStart"] | null {
  const cameUpAt = tracker?.cameUpAt ?? null;
  if (cameUpAt === null) return null;
  return { factor: slowStartFactor(farm, cameUpAt, nowMs), untilMs: cameUpAt + farm.failover.slowStartS * 1000 };
}
