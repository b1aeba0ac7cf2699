/**
 * One chart as numbers: points in time and series in the farm's order of backends. At most nine series (eight and "others") and
 * 120 points. null is "not known" and never drawn as zero. Pure; drawing stands elsewhere.
 */
import { csvText } from "@/components/ui/csv.ts";
import type { Backend } from "@/server/core/farm/types.ts";
import type { FarmSeries, TimesSeries } from "@/server/core/metrics/live.ts";

export type Values = readonly (number | null)[];

export type ChartSeries = {
  readonly key: string;
  readonly label: string;
  /** place in the farm (colour and hatch), -1 = others; or a percentile */
  readonly mark: number | "p50" | "p95" | "p99";
  readonly values: Values;
};

export type ChartData = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly atMs: readonly number[];
  readonly series: readonly ChartSeries[];
};

/** `place`: in the farm, where it is not that in the list: its colour and hatch. */
export type BackendName = Pick<Backend, "id" | "name"> & { readonly place?: number };

export const namedMax = 8;

/** One series per backend; from the ninth on they are added up as "others". */
export function backendData(
  series: FarmSeries,
  backends: readonly BackendName[],
  field: "newPerS" | "active" | "observedPct" | "plannedPct",
): ChartData {
  const byId = new Map(series.backends.map((backend) => [backend.backendId, backend[field]]));
  const none: Values = series.atMs.map(() => null);
  const all = backends.map((backend, index) => ({
    key: backend.id,
    label: backend.name,
    mark: backend.place ?? index,
    values: byId.get(backend.id) ?? none,
  }));
  const named = all.slice(0, namedMax);
  const rest = all.slice(namedMax);
  const others: ChartSeries[] =
    rest.length === 0
      ? []
      : [
          {
            key: "others",
            label: `${rest.length} others`,
            mark: -1,
            values: totals(
              rest.map((each) => each.values),
              series.atMs.length,
            ),
          },
        ];
  return { ...frame(series), series: [...named, ...others] };
}

/** A farm's have a p99, a backend's have none. */
export type Times = TimesSeries & { readonly p99Ms?: Values };

/** `times` absent: nothing is known, and that is drawn as such. */
export function timesData(series: FarmSeries, times: Times | undefined): ChartData {
  const one = (mark: "p50" | "p95" | "p99", values: Values): ChartSeries => ({ key: mark, label: mark, mark, values });
  const none: Values = series.atMs.map(() => null);
  const { p50Ms, p95Ms, p99Ms } = times ?? { p50Ms: none, p95Ms: none };
  const own = [one("p50", p50Ms), one("p95", p95Ms)];
  return { ...frame(series), series: p99Ms === undefined ? own : [...own, one("p99", p99Ms)] };
}

function frame({ fromMs, toMs, stepMs, atMs }: FarmSeries): Omit<ChartData, "series"> {
  return { fromMs, toMs, stepMs, atMs };
}

/** Sum at each point; null only where nothing is known at all. */
export function totals(all: readonly Values[], length: number): (number | null)[] {
  return Array.from({ length }, (_, index) => {
    const known = all.map((values) => values[index] ?? null).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  });
}

/** Largest value that is drawn: of single lines, or of the stack. */
export function maxOf(data: ChartData, isStacked: boolean): number | null {
  const lists = isStacked
    ? [
        totals(
          data.series.map((each) => each.values),
          data.atMs.length,
        ),
      ]
    : data.series.map((each) => each.values);
  const known = lists.flat().filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** Over the range and now: the newest value stands beside the maximum and is never above it. */
export function maxWithNow(max: number | null, now: number | null): number | null {
  return max === null || now === null ? (max ?? now) : Math.max(max, now);
}

/** Index of the point nearest to a moment; -1 when there are none. */
export function indexAt(data: Pick<ChartData, "atMs">, ms: number): number {
  let best = -1;
  let distance = Number.POSITIVE_INFINITY;
  for (const [index, at] of data.atMs.entries()) {
    const d = Math.abs(at - ms);
    if (d < distance) [best, distance] = [index, d];
  }
  return best;
}

/** The same history seen a while later, when nothing more has come. */
export function withSilence<T extends { readonly fromMs: number; readonly toMs: number }>(
  series: T,
  silenceMs: number,
): T {
  return { ...series, fromMs: series.fromMs + silenceMs, toMs: series.toMs + silenceMs };
}

/** The newest point at which anything is known: an open bin of an absent agent says nothing. */
export function lastKnownIndex(data: ChartData): number {
  return data.atMs.findLastIndex((_, index) => data.series.some((each) => (each.values[index] ?? null) !== null));
}

/** Lower and upper edge of each series in the stack, so that a gap is a gap and not a fall to zero. */
export function stackEdges(data: ChartData): (readonly [number, number] | null)[][] {
  const below = data.atMs.map(() => 0);
  return data.series.map(({ values }) =>
    data.atMs.map((_, index) => {
      const value = values[index] ?? null;
      const from = below[index] ?? 0;
      const isKnown = data.series.some((each) => (each.values[index] ?? null) !== null);
      if (!isKnown) return null;
      below[index] = from + (value ?? 0);
      return [from, from + (value ?? 0)] as const;
    }),
  );
}

/** Comma-separated, ISO times, one column a series; unknown is empty. Labels are names of backends: letters, digits, hyphens. */
export function csvOf(data: ChartData): string {
  const head = ["time", ...data.series.map((each) => each.label)];
  const rows = data.atMs.map((at, index) => [
    new Date(at).toISOString(),
    ...data.series.map((each) => String(each.values[index] ?? "")),
  ]);
  return csvText([head, ...rows]);
}
