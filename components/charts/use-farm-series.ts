"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useBalancerLive, useFarmLive, useFreshness } from "@/components/live/use-live.ts";
import { liveKeys } from "@/server/core/metrics/feed.ts";
import type { FarmSeries } from "@/server/core/metrics/live.ts";
import { agentRangeS } from "@/server/core/metrics/ranges.ts";
import { fetchSeries } from "./fetch-series.ts";
import type { SeriesBuffer } from "./series-buffer.ts";
import { appendLive, hasHole, startBuffer } from "./series-buffer.ts";

const refetchPauseMs = 3000;

export type FarmHistory = {
  /** nothing can be asked now and nothing was asked before */
  readonly isOut: boolean;
  readonly series: FarmSeries | null;
  /** one sentence when the server could not answer */
  readonly problem: string | null;
};

/** History of a farm, growing by live rows; after a silence the missing part is fetched, so that catching up makes no false spike. */
export function useFarmSeries(farmId: string, rangeS: number): FarmHistory {
  const live = useFarmLive(farmId);
  const balancer = useBalancerLive();
  const { state } = useFreshness();
  const [series, setSeries] = useState<FarmSeries | null>(null);
  const buffer = useRef<SeriesBuffer | null>(null);
  const askedAt = useRef(0);
  const isKept = rangeS > agentRangeS;
  const { data, error, refetch } = useQuery({
    queryKey: liveKeys.series(farmId, rangeS),
    queryFn: ({ signal }) => fetchSeries(farmId, rangeS, signal),
    // an agent that is gone has no seconds to give; what was fetched before stays. Longer ranges are kept by web
    enabled: isKept || state === "live",
    staleTime: 0,
    gcTime: 60_000,
  });

  useEffect(() => {
    buffer.current = data === undefined ? null : startBuffer(data);
    setSeries(data ?? null);
  }, [data]);

  useEffect(() => {
    const old = buffer.current;
    if (live === null || old === null || state !== "live") return;
    // a farm whose row did not change is not sent: the balancer's clock says that its values still hold
    const atMs = Math.max(live.at, balancer?.at ?? 0);
    if (hasHole(old, atMs)) {
      if (atMs - askedAt.current < refetchPauseMs) return;
      askedAt.current = atMs;
      void refetch();
      return;
    }
    const next = appendLive(old, { ...live, at: atMs }, rangeS * 1000);
    buffer.current = next;
    setSeries(next.series);
  }, [live, balancer, state, rangeS, refetch]);

  return {
    isOut: series === null && isNotKnown(state) && !isKept,
    series,
    problem: series === null && error !== null ? error.message : null,
  };
}
