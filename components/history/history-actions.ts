/** What the history may write: app/actions/farms.ts by type. */
import type { PreviewOutcome } from "@/components/changes/farm-actions.ts";
import type { ChangeOutcome } from "@/server/core/change/outcome.ts";
import type { Farm } from "@/server/core/farm/types.ts";

type FarmPlace = { readonly epoch: number; readonly n: number; readonly farmId: string };

export type RestorePreview =
  | (Extract<PreviewOutcome, { status: "ok" }> & {
      readonly base: number | null;
      readonly now: Farm | null;
      readonly restored: Farm;
    })
  | Exclude<PreviewOutcome, { status: "ok" }>;

export type HistoryActions = {
  undo(input: { epoch: number; n: number }): Promise<ChangeOutcome>;
  previewRestore(input: FarmPlace): Promise<RestorePreview>;
  restore(input: FarmPlace & { base: number | null }): Promise<ChangeOutcome>;
};
