import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSettled } from "@/components/ui/use-settled.ts";
import type { Operation } from "@/server/core/change/operation.ts";
import type { ChangePreview } from "@/server/core/change/preview.ts";
import type { PreviewAction, PreviewOutcome } from "./farm-actions.ts";
import { lostOutcome, type OutcomeText, outcomeText } from "./outcome-text.ts";

export type PreviewState = {
  /** the last answer; while `isBehind` it belongs to an earlier draft */
  readonly preview: ChangePreview | null;
  /** why there is none */
  readonly problem: OutcomeText | null;
  readonly isBehind: boolean;
  /** the answer to the operations as they are now; null while there is none */
  readonly answer: PreviewOutcome | null;
};

const settleMs = 250;

/** Asks what the operations would do, a moment after they stop changing. Pass null for nothing to ask. */
export function usePreview(action: PreviewAction, operations: readonly Operation[] | null): PreviewState {
  const now = operations === null ? null : JSON.stringify(operations);
  const settled = useSettled(now, settleMs);
  const query = useQuery({
    queryKey: ["preview", settled],
    enabled: settled !== null,
    queryFn: async () => action({ operations: JSON.parse(settled ?? "[]") as unknown }).catch(() => lostOutcome),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 30_000,
    retry: false,
    refetchOnWindowFocus: false,
  });
  if (now === null || query.data === undefined)
    return { preview: null, problem: null, isBehind: now !== null, answer: null };
  const isBehind = settled !== now || query.isPlaceholderData || query.isFetching;
  const answer = isBehind ? null : query.data;
  if (query.data.status === "ok") return { preview: query.data.preview, problem: null, isBehind, answer };
  return { preview: null, problem: outcomeText(query.data), isBehind, answer };
}
