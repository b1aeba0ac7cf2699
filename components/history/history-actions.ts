/** What the history may write: app/actions/farms.ts by type. */
import type { PreviewOutcome } from "@/components/changes/farm-actions.ts";
import type { ChangeOutcome } from "@/server/core/change/outcome.ts";

type FarmPlace = { readonly epoch: number; readonly n: number; readonly farmId: string };

export type RestorePreview =
  | (Extract<PreviewOutcome, { status: "ok" }> & { readonly base: number | null })
  | Exclude<PreviewOutcome, { status: "ok" }>;

export type HistoryActions = {
  undo(input: { epoch: number; n: number }): Promise<ChangeOutcome>;
  previewRestore(input: FarmPlace): Promise<RestorePreview>;
  restore(input: FarmPlace & { base: number | null }): Promise<ChangeOutcome>;
};
