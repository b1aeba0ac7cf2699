import { useQuery } from "@tanstack/react-query";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useFreshness } from "@/components/live/use-live.ts";
import type { BackendMonitor } from "@/server/core/metrics/backend-monitor.ts";
import { fetchMonitor } from "./fetch-monitor.ts";

const everyMs = 3000;

export function monitorKey(farmId: string, backendId: string): readonly string[] {
  return ["monitor", farmId, backendId];
}

/** What was measured of a backend, read again every few seconds while the page is looked at and the agent answers. */
export function useMonitor(
  farmId: string,
  backendId: string,
): { readonly monitor: BackendMonitor | null; readonly problem: string | null } {
  const isOut = isNotKnown(useFreshness().state);
  const { data, error } = useQuery({
    queryKey: monitorKey(farmId, backendId),
    queryFn: ({ signal }) => fetchMonitor({ farmId, backendId }, signal),
    enabled: !isOut,
    refetchInterval: everyMs,
    staleTime: 0,
    retry: false,
  });
  return { monitor: data ?? null, problem: data === undefined ? (error?.message ?? null) : null };
}
