"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useEvents } from "@/components/live/use-live.ts";
import type { LiveEvent } from "@/server/core/metrics/live.ts";
import { agentRangeS } from "@/server/core/metrics/ranges.ts";
import { mergeEvents } from "./event-marks.ts";
import { fetchRangeEvents } from "./fetch-series.ts";

const none: readonly LiveEvent[] = [];
const refetchEveryMs = 60_000;

/** What happened in the range: the live feed has the newest, the log has those of longer ranges. */
export function useRangeEvents(farmId: string, rangeS: number): readonly LiveEvent[] {
  const live = useEvents();
  const { data = none } = useQuery({
    queryKey: ["range-events", farmId, rangeS],
    queryFn: ({ signal }) => fetchRangeEvents(farmId, rangeS, signal),
    enabled: rangeS > agentRangeS,
    staleTime: refetchEveryMs,
  });
  return useMemo(() => (data.length === 0 ? live : mergeEvents(data, live)), [data, live]);
}
