"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useEvents } from "@/components/live/use-live.ts";
import type { LiveEvent } from "@/server/core/metrics/live.ts";
import { mergeEvents } from "./event-marks.ts";
import { fetchRangeEvents } from "./fetch-series.ts";

const none: readonly LiveEvent[] = [];
const refetchEveryMs = 60_000;

/** What happened in the range: the live feed has the newest of all farms, the log has those of this one. */
export function useRangeEvents(farmId: string, rangeS: number): readonly LiveEvent[] {
  const live = useEvents();
  const { data = none } = useQuery({
    queryKey: ["range-events", farmId, rangeS],
    queryFn: ({ signal }) => fetchRangeEvents(farmId, rangeS, signal),
    staleTime: refetchEveryMs,
    // the feed forgets: a page that stays open for hours has its marks from the log
    refetchInterval: refetchEveryMs,
    retry: false,
  });
  return useMemo(() => (data.length === 0 ? live : mergeEvents(data, live)), [data, live]);
}
