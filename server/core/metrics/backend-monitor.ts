/** What is known of one backend over time, as pages draw it; server/wire/monitor.ts is its schema. Times are epoch milliseconds. */
import type { Health } from "../farm/types.ts";

/** One check that was made. */
export type CheckEntry = {
  readonly at: number;
  readonly ok: boolean;
  /** good, but not all is well */
  readonly degraded: boolean;
  readonly tookMs: number | null;
  /** a word of a closed set; null = none */
  readonly error: string | null;
  readonly text: string;
};

/** One minute of checks. */
export type Beat = { readonly atMs: number; readonly good: number; readonly bad: number; readonly health: Health };

/** Counts by upper bound; the last bound is null (everything above). */
export type Histogram = { readonly boundsMs: readonly (number | null)[]; readonly counts: readonly number[] };

/** A planned share and why it is that. */
export type WeightStep = {
  readonly atMs: number;
  readonly weight: number;
  readonly plannedPct: number;
  readonly text: string;
};

export type BackendMonitor = {
  readonly farmId: string;
  readonly backendId: string;
  /** newest last */
  readonly checks: readonly CheckEntry[];
  /** of the last two hours, newest last */
  readonly beats: readonly Beat[];
  /** over the rolling minute; absent = not measured */
  readonly probeTimes?: Histogram | undefined;
  readonly trafficTimes?: Histogram | undefined;
  /** newest last */
  readonly weights: readonly WeightStep[];
};
