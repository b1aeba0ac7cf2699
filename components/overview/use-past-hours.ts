"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { fetchPastHours } from "@/components/charts/fetch-series.ts";
import { liveKeys } from "@/server/core/metrics/feed.ts";
import { pastFarmsMax } from "@/server/core/metrics/past-hour.ts";
import { dueIds, type KnownHours, withHours } from "./past-hours.ts";

const rereadMs = 60_000;
const nothing: KnownHours = new Map();

/** The last hour of each farm, as far as it was read: one question for all that are new, one a minute for all that are old. */
export function usePastHours(farmIds: readonly string[]): KnownHours {
  const { data = nothing, refetch } = useQuery({
    queryKey: liveKeys.pastHours,
    queryFn: async ({ client, signal }) => {
      let known = client.getQueryData<KnownHours>(liveKeys.pastHours) ?? nothing;
      const due = dueIds(known, farmIds, Date.now());
      for (let at = 0; at < due.length; at += pastFarmsMax)
        known = withHours(known, await fetchPastHours(due.slice(at, at + pastFarmsMax), signal), Date.now());
      return known;
    },
    enabled: farmIds.length > 0,
    refetchInterval: rereadMs,
    structuralSharing: false,
  });
  // a list that is sorted by moving numbers shows the same farms in another order: nothing is asked for that
  const unread = farmIds
    .filter((id) => !data.has(id))
    .sort()
    .join();
  useEffect(() => {
    if (unread !== "") void refetch({ cancelRefetch: false });
  }, [unread, refetch]);
  return data;
}
