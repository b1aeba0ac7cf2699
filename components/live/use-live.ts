"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import type { AgentState } from "@/server/core/metrics/feed.ts";
import { liveKeys } from "@/server/core/metrics/feed.ts";
import type { BalancerLive, FarmLive, FarmRow, LiveEvent } from "@/server/core/metrics/live.ts";
import type { MonitorRow } from "@/server/core/metrics/monitor.ts";
import type { Freshness } from "./freshness.ts";
import { useLive } from "./live-provider.tsx";

const connecting: Freshness = { state: "connecting", ageS: null };
const noEvents: readonly LiveEvent[] = [];

/** What web knows of the agent; null until the feed has said something. */
export function useAgentState(): AgentState | null {
  return useFed<AgentState>(liveKeys.agent);
}

export function useBalancerLive(): BalancerLive | null {
  return useFed<BalancerLive>(liveKeys.balancer);
}

/** Rows of every farm by id; null until the first snapshot. */
export function useFarmRows(): ReadonlyMap<string, FarmRow> | null {
  useScope("overview");
  return useFed<ReadonlyMap<string, FarmRow>>(liveKeys.rows);
}

/** Every backend of every farm by its id; null until the first snapshot. */
export function useMonitorRows(): ReadonlyMap<string, MonitorRow> | null {
  useScope("monitor");
  return useFed<ReadonlyMap<string, MonitorRow>>(liveKeys.monitor);
}

/** One farm with its backends; null until the first snapshot. */
export function useFarmLive(farmId: string): FarmLive | null {
  useScope(`farm:${farmId}`);
  return useFed<FarmLive>(liveKeys.farm(farmId));
}

/** Newest last, at most 100. */
export function useEvents(): readonly LiveEvent[] {
  return useFed<readonly LiveEvent[]>(liveKeys.events) ?? noEvents;
}

/** How far the values can be trusted now. */
export function useFreshness(): Freshness {
  const { store } = useLive();
  return useSyncExternalStore(store.subscribe, store.readFreshness, () => connecting);
}

function useScope(scope: string): void {
  const { scopes } = useLive();
  useEffect(() => scopes.add(scope), [scopes, scope]);
}

const never = (): (() => void) => () => undefined;

/**
 * A cache entry that only the feed fills. Parts of a page hydrate one after another, and the feed may be faster: until a part is
 * hydrated it sees what the server saw, nothing.
 */
function useFed<T>(queryKey: readonly unknown[]): T | null {
  const isHydrated = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const { data } = useQuery<T | null>({
    queryKey,
    queryFn: skipToken,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
  return isHydrated ? (data ?? null) : null;
}
