/** Two histories of one farm on the same grid: the first counts, the second fills what the first does not know. Pure. */
import type { FarmSeries, TimesSeries } from "./live.ts";

type Values = readonly (number | null)[];

export function filledFrom(first: FarmSeries, second: FarmSeries): FarmSeries {
  const other = new Map(second.backends.map((backend) => [backend.backendId, backend]));
  const own = new Set(first.backends.map(({ backendId }) => backendId));
  return {
    ...first,
    connect: { ...fillTimes(first.connect, second.connect), p99Ms: fill(first.connect.p99Ms, second.connect.p99Ms) },
    traffic: { ...fillTimes(first.traffic, second.traffic), p99Ms: fill(first.traffic.p99Ms, second.traffic.p99Ms) },
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
          ...filledTimes("connect", backend, more),
          ...filledTimes("traffic", backend, more),
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

type Times = FarmSeries["backends"][number];

function filledTimes(of: "connect" | "traffic", { [of]: first }: Times, { [of]: second }: Times): Partial<Times> {
  if (first === undefined || second === undefined) return { [of]: first ?? second };
  return { [of]: fillTimes(first, second) };
}

function fillTimes(first: TimesSeries, second: TimesSeries): TimesSeries {
  return { p50Ms: fill(first.p50Ms, second.p50Ms), p95Ms: fill(first.p95Ms, second.p95Ms) };
}

function fill(values: Values, more: Values): Values {
  return values.map((value, at) => value ?? more[at] ?? null);
}
