/** Traffic of farms and of all together. Pure; null = not known. */

export type TrafficPoint = { readonly at: number; readonly newPerS: number | null; readonly active: number | null };

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

function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}
