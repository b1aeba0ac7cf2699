import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { CheckEntry } from "@/server/core/metrics/backend-monitor.ts";
import { testNow } from "./fetch-monitor.ts";
import { monitorKey } from "./use-monitor.ts";

export type TestNow = {
  readonly isPending: boolean;
  /** of the newest test; null = none was made on this page */
  readonly result: CheckEntry | null;
  readonly problem: string | null;
  readonly run: () => void;
};

/** Asks the backend at once; the log and the strip are read again after it. */
export function useTestNow(farmId: string, backendId: string): TestNow {
  const queries = useQueryClient();
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => testNow({ farmId, backendId }),
    onSettled: () => queries.invalidateQueries({ queryKey: monitorKey(farmId, backendId) }),
  });
  return { isPending, result: data ?? null, problem: error?.message ?? null, run: () => mutate() };
}
