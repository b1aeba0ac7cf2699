/** Two histories of one farm on the same grid: the first counts, the second fills what the first does not know. Pure. */
import type { FarmSeries } from "./live.ts";

type Values = readonly (number | null)[];

export function filledFrom(first: FarmSeries, second: FarmSeries): FarmSeries {
  const other = new Map(second.backends.map((backend) => [backend.backendId, backend]));
  const own = new Set(first.backends.map(({ backendId }) => backendId));
  const { connect } = first;
  return {
    ...first,
    connect: {
      p50Ms: fill(connect.p50Ms, second.connect.p50Ms),
      p95Ms: fill(connect.p95Ms, second.connect.p95Ms),
      p99Ms: fill(connect.p99Ms, second.connect.p99Ms),
    },
    backends: [
      ...first.backends.map((backend) => {
        const more = other.get(backend.backendId);
        if (more === undefined) return backend;
        return {
          ...backend,
          newPerS: fill(backend.newPerS, more.newPerS),
          active: fill(backend.active, more.active),
          observedPct: fill(backend.observedPct, more.observedPct),
          plannedPct: fill(backend.plannedPct, more.plannedPct),
        };
      }),
      ...second.backends.filter(({ backendId }) => !own.has(backendId)),
    ],
  };
}

/** Whether anything at all is known. */
export function isKnown({ connect, backends }: FarmSeries): boolean {
  const columns = [
    connect.p50Ms,
    ...backends.flatMap(({ newPerS, active, plannedPct }) => [newPerS, active, plannedPct]),
  ];
  return columns.some((values) => values.some((value) => value !== null));
}

function fill(values: Values, more: Values): Values {
  return values.map((value, at) => value ?? more[at] ?? null);
}
