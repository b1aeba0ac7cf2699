"use client";

import { useQueries } from "@tanstack/react-query";
import { fetchSeries } from "@/components/charts/fetch-series.ts";
import { useFreshness } from "@/components/live/use-live.ts";
import { liveKeys } from "@/server/core/metrics/feed.ts";
import type { TrafficPoint } from "./traffic.ts";
import { sinceKnown, trafficOf, withoutOpenBin } from "./traffic.ts";

const rangeS = 900;
/** Histories are asked for farm by farm: more than this would be a burden for a glance. */
export const trafficFarmsMax = 20;

const rereadMs = 15_000;

/** Traffic of the last minutes by farm; farms not read yet are missing. */
export function useTraffic(farmIds: readonly string[]): ReadonlyMap<string, readonly TrafficPoint[]> {
  const isLive = useFreshness().state === "live";
  const ids = farmIds.slice(0, trafficFarmsMax);
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: liveKeys.series(id, rangeS),
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchSeries(id, rangeS, signal),
      enabled: isLive,
      staleTime: rereadMs - 1000,
      refetchInterval: isLive ? rereadMs : (false as const),
    })),
    combine: (answers) => {
      const found = new Map<string, readonly TrafficPoint[]>();
      for (const [index, answer] of answers.entries()) {
        const id = ids[index];
        if (id !== undefined && answer.data !== undefined)
          found.set(id, sinceKnown(withoutOpenBin(trafficOf(answer.data))));
      }
      return found;
    },
  });
}
