/** Traffic of farms and of all together, from their histories. Pure; null = not known. */
import type { FarmSeries } from "@/server/core/metrics/live.ts";

export type TrafficPoint = { readonly at: number; readonly newPerS: number | null; readonly active: number | null };

/** Sum over the backends; unknown only where none of them is known. */
export function trafficOf(series: FarmSeries): TrafficPoint[] {
  return series.atMs.map((at, index) => ({
    at,
    newPerS: sum(series.backends.map((backend) => backend.newPerS[index] ?? null)),
    active: sum(series.backends.map((backend) => backend.active[index] ?? null)),
  }));
}

/** Sum over farms at each moment that all of them know: a farm that was read a little later does not make a dip. */
export function addTraffic(all: readonly (readonly TrafficPoint[])[]): TrafficPoint[] {
  const [first, ...rest] = all;
  if (first === undefined) return [];
  const others = rest.map((points) => new Map(points.map((point) => [point.at, point])));
  return first
    .filter((point) => others.every((points) => points.has(point.at)))
    .map((point) => {
      const same = [point, ...others.map((points) => points.get(point.at))];
      return {
        at: point.at,
        newPerS: sum(same.map((each) => each?.newPerS ?? null)),
        active: sum(same.map((each) => each?.active ?? null)),
      };
    });
}

/** The last bin is still filling: drawn, it would look like a fall. */
export function withoutOpenBin(points: readonly TrafficPoint[]): readonly TrafficPoint[] {
  return points.slice(0, -1);
}

/** From the first known moment on: a balancer that has just started fills its line with what there is. */
export function sinceKnown(points: readonly TrafficPoint[]): readonly TrafficPoint[] {
  const first = points.findIndex((point) => point.newPerS !== null || point.active !== null);
  return first < 0 ? [] : points.slice(first);
}

/** How long a time points cover, in whole minutes, at least one. */
export function spanMinutes(points: readonly TrafficPoint[]): number {
  const spanMs = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0);
  return Math.max(1, Math.round(spanMs / 60_000));
}

function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}
