/** Stretches of a range in which nothing is known: drawn as such, never as zero. Pure. Times are epoch milliseconds of the balancer. */
import { formatClock } from "@/components/ui/numbers.ts";
import type { FarmSeries } from "@/server/core/metrics/live.ts";
import { agentRangeS } from "@/server/core/metrics/ranges.ts";
import type { ChartData } from "./chart-data.ts";
import { momentText } from "./moment.ts";

export type Gap = {
  readonly fromMs: number;
  readonly toMs: number;
  /** why, when it is known; else it is just a gap */
  readonly text?: string;
};

/** After the first thing known; the last may reach to the end. What lies before is told by `silenceBefore`. */
export function gapsOf(data: ChartData): Gap[] {
  const gaps: Gap[] = [];
  let lastKnown: number | null = null;
  for (const [index, at] of data.atMs.entries()) {
    if (!data.series.some((each) => (each.values[index] ?? null) !== null)) continue;
    if (lastKnown !== null && at - lastKnown > data.stepMs) gaps.push({ fromMs: lastKnown, toMs: at });
    lastKnown = at;
  }
  if (lastKnown !== null && data.toMs - lastKnown > data.stepMs * 2 + 2000)
    gaps.push({ fromMs: lastKnown, toMs: data.toMs });
  return gaps;
}

type Begun = Pick<FarmSeries, "fromMs" | "toMs" | "stepMs" | "atMs" | "backends">;

/**
 * The time before the agent's first sample of a farm that existed already: the history lives in the agent and began anew with it.
 * A planned share comes with every sample, so it tells "not sampled" from "sampled, not known". `sinceMs`: the farm existed from then on.
 */
export function silenceBefore(series: Begun, sinceMs: number | null): Gap | null {
  if (series.toMs - series.fromMs > agentRangeS * 1000) return notKeptBefore(series, sinceMs);
  if (sinceMs === null) return null;
  const first = firstSample(series);
  const fromMs = Math.max(series.fromMs, sinceMs);
  if (first === undefined || first - fromMs <= series.stepMs * 2) return null;
  return { fromMs, toMs: first, text: `no samples: the agent started at ${formatClock(first)}` };
}

/** Kept minutes outlive the agent: what is missing at the beginning was never kept, or the farm is younger. */
function notKeptBefore(series: Begun, sinceMs: number | null): Gap | null {
  const { fromMs, toMs, stepMs } = series;
  const first = firstSample(series);
  if (first === undefined) return { fromMs, toMs, text: "no minute of this farm is kept yet" };
  if (first - fromMs <= stepMs * 2) return null;
  // a Prometheus may remember an older farm of the same name
  const isYoung = sinceMs !== null && Math.abs(first - sinceMs) <= stepMs * 2;
  const text = `no history before ${momentText(isYoung ? Math.max(first, sinceMs) : first, series)}`;
  return { fromMs, toMs: first, text: isYoung ? `${text}: the farm is not older` : text };
}

function firstSample({ atMs, backends }: Begun): number | undefined {
  return atMs.find((_, index) => backends.some((each) => (each.plannedPct[index] ?? null) !== null));
}
