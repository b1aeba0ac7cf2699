/** One sentence under each chart: what a person would say who looked at it. Pure. */
import { formatCount, formatCounted, formatMs, formatRate, formatShare } from "@/components/ui/numbers.ts";
import type { ConnectTime, ObservedShare } from "@/server/core/metrics/live.ts";
import type { ChartData, ChartSeries } from "./chart-data.ts";
import { totals } from "./chart-data.ts";
import { momentText } from "./moment.ts";
import type { NowValues } from "./now-values.ts";

const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export type Traffic = {
  readonly data: ChartData;
  /** of the whole farm, as the head of the chart says it */
  readonly now: number | null;
  readonly nowValues: NowValues;
  readonly unit: string;
  /** "5 minutes" */
  readonly range: string;
  /** the first sample, when the range begins without any: no more is known than from there on */
  readonly sinceMs: number | null;
  readonly isLost: boolean;
  readonly format: (value: number) => string;
};

/** Who has most now, and how the total compares with the range. */
export function trafficSummary(traffic: Traffic): string {
  const { data, now, unit, range, isLost, format } = traffic;
  const all = totals(
    data.series.map((each) => each.values),
    data.atMs.length,
  );
  const sinceMs = traffic.sinceMs ?? beginning(data.atMs, all);
  const since = sinceMs === null ? null : `since ${momentText(sinceMs, data)}`;
  const span = since ?? `over ${range}`;
  const values = known([...all, now]);
  if (values.length === 0) return "Nothing is known of this range yet.";
  if (values.every((value) => value === 0)) return `No ${unit} ${since === null ? `in the last ${range}` : since}.`;
  const average = mean(known(all).length === 0 ? values : known(all));
  if (now === null) return `Not known now; the mean is ${formatRate(average)} ${span}.`;
  const most = largest(data.series, traffic.nowValues);
  const led = most === null || data.series.length < 2 ? "" : ` Most at ${most.label}, ${format(most.value)}.`;
  return `${isLost ? "Last known" : "Now"} ${compare(now, average)} the mean of ${formatRate(average)} ${span}.${led}`;
}

/** The first sample of a farm younger than the range; null when the range is filled (its first point may be open). */
function beginning(atMs: readonly number[], all: readonly (number | null)[]): number | null {
  const first = all.findIndex((value) => value !== null);
  return first > 1 ? (atMs[first] ?? null) : null;
}

function compare(now: number, average: number): string {
  const pct = average === 0 ? 0 : Math.round((100 * (now - average)) / average);
  if (Math.abs(pct) < 5) return "at";
  return pct > 0 ? `${pct} % over` : `${-pct} % under`;
}

/** Nobody has most while all have nothing. */
function largest(series: readonly ChartSeries[], now: NowValues): { label: string; value: number } | null {
  let best: { label: string; value: number } | null = null;
  for (const { key, label, mark } of series) {
    const value = now.get(key) ?? 0;
    if (mark !== -1 && value > (best?.value ?? 0)) best = { label, value };
  }
  return best;
}

/** Under this many samples percentiles are weak. */
export const samplesMin = 50;

export type TimeSource = "probe" | "traffic";

const timeWords = {
  probe: { many: "probes", nothing: "Not measured yet.", noAnswer: "No probe answered in the last 60 s." },
  traffic: {
    many: "connections",
    nothing: "No client opened a connection in the last 60 s.",
    noAnswer: "No connection was answered in the last 60 s.",
  },
} as const;

export function timesSummary(source: TimeSource, times: ConnectTime | null, data: ChartData): string {
  const { many, nothing, noAnswer } = timeWords[source];
  if (times === null) return nothing;
  const failed = times.failed === 0 ? "" : ` ${formatCount(times.failed)} ${many} failed.`;
  if (times.samples === 0) return `${noAnswer}${failed}`;
  if (times.samples < samplesMin)
    return `Few samples: ${times.samples} in the last 60 s, percentiles are weak.${failed}`;
  const slowest = data.series.at(-1);
  const top = known(slowest?.values ?? []);
  const reached = top.length === 0 ? "" : `${slowest?.label} reached ${formatMs(Math.max(...top))} ms. `;
  return `${reached}${formatCount(times.samples)} ${many} in the last 60 s.${failed}`;
}

export type ShareRow = { readonly name: string; readonly plannedPct: number; readonly observed: ObservedShare | null };

/** How observed and planned shares compare, with the number of connections it stands on. */
export function shareSummary(rows: readonly ShareRow[]): string {
  const counted = rows.filter((row) => row.observed !== null);
  const first = counted[0]?.observed ?? null;
  if (first === null) return "No new connections counted since the last change.";
  const base = `${formatCounted(first.connections, "connection")} since the last change`;
  if (counted.some((row) => row.observed?.verdict === "few")) return `Not enough yet to judge: ${base}.`;
  if (counted.some((row) => row.observed?.verdict === "goal")) return `Shares are a goal with this scheduler: ${base}.`;
  const out = counted.filter((row) => row.observed?.verdict === "out-of-band");
  if (out.length === 0) return `All in their bands, ${base}.`;
  const said = out
    .slice(0, 2)
    .map(
      (row) => `${row.name} ${formatShare(row.observed?.sharePct ?? 0)} % of planned ${formatShare(row.plannedPct)} %`,
    );
  return `Out of band: ${said.join(", ")}; ${base}.`;
}

/** The word at the right of the share chart. */
export function shareVerdict(rows: readonly ShareRow[]): { word: string; detail: string } {
  const counted = rows.filter((row) => row.observed !== null);
  if (counted.length === 0) return { word: "-", detail: "nothing counted" };
  if (counted.some((row) => row.observed?.verdict === "few")) return { word: "not enough yet", detail: "" };
  if (counted.some((row) => row.observed?.verdict === "goal")) return { word: "goal", detail: "not judged" };
  const inBand = counted.filter((row) => row.observed?.verdict === "in-band").length;
  return { word: inBand === counted.length ? "in band" : "out of band", detail: `${inBand} of ${counted.length}` };
}
