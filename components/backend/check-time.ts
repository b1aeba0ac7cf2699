/** The times of checks as a chart: on a grid, so that a missing or failed check is a gap and never a short time. Pure. */
import type { ChartData } from "@/components/charts/chart-data.ts";
import { formatClock, formatCount, formatCounted, formatMs } from "@/components/ui/numbers.ts";
import type { CheckEntry } from "@/server/core/metrics/backend-monitor.ts";
import { checkWord } from "./monitor-words.ts";

const pointsMax = 120;

/** The slowest good check of each bin. */
export function checkTimeData(checks: readonly CheckEntry[], name: string, place: number): ChartData {
  const fromMs = checks[0]?.at ?? 0;
  const toMs = checks.at(-1)?.at ?? fromMs;
  const stepMs = stepOf(checks, toMs - fromMs);
  const first = Math.floor(fromMs / stepMs) * stepMs;
  const length = checks.length === 0 ? 0 : Math.floor((toMs - first) / stepMs) + 1;
  const values: (number | null)[] = Array.from({ length }, () => null);
  for (const { at, ok, tookMs } of checks) {
    const bin = Math.floor((at - first) / stepMs);
    if (ok && tookMs !== null) values[bin] = Math.max(values[bin] ?? 0, tookMs);
  }
  const atMs = values.map((_, index) => first + index * stepMs);
  return {
    fromMs: first,
    toMs: Math.max(toMs, first + stepMs),
    stepMs,
    atMs,
    series: [{ key: "check", label: name, mark: place, values }],
  };
}

export function checkTimeSummary(checks: readonly CheckEntry[]): string {
  const first = checks[0];
  if (first === undefined) return "No check was made yet.";
  const failed = checks.filter((entry) => checkWord(entry) === "Failed").length;
  const slowest = Math.max(...checks.flatMap(({ ok, tookMs }) => (ok && tookMs !== null ? [tookMs] : [])));
  const top = Number.isFinite(slowest) ? `, slowest ${formatMs(slowest)} ms` : "";
  return `${formatCounted(checks.length, "check")} since ${formatClock(first.at)}${top}. ${failed === 0 ? "None failed." : `${formatCount(failed)} failed: gaps.`}`;
}

/** Wide enough for one check at least: twice the usual distance, so that jitter leaves no bin empty. */
function stepOf(checks: readonly CheckEntry[], spanMs: number): number {
  const distances = checks.slice(1).map(({ at }, index) => at - (checks[index]?.at ?? at));
  const usual = distances.toSorted((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 1000;
  return Math.ceil(Math.max(1000, 2 * usual, spanMs / (pointsMax - 1)) / 1000) * 1000;
}
