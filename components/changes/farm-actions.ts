/** The writes a page hands to its components: app/actions/farms.ts by type, so that no component imports an action. */
import type { ChangeOutcome } from "@/server/core/change/outcome.ts";
import type { ChangePreview } from "@/server/core/change/preview.ts";
import type { AdminState } from "@/server/core/farm/types.ts";

export type PreviewOutcome =
  | { readonly status: "ok"; readonly preview: ChangePreview }
  | Exclude<ChangeOutcome, { status: "ok" }>;

export type PreviewAction = (input: { operations: unknown }) => Promise<PreviewOutcome>;

export type FarmActions = {
  preview: PreviewAction;
  saveFarm(input: { farm: unknown; base: number | null }): Promise<ChangeOutcome>;
  saveList(input: { list: unknown; base: number | null }): Promise<ChangeOutcome>;
  removeList(input: { listId: string; base: number }): Promise<ChangeOutcome>;
  removeFarm(input: { farmId: string; base: number }): Promise<ChangeOutcome>;
  setWeights(input: {
    farmId: string;
    base: number;
    weights: Readonly<Record<string, number>>;
  }): Promise<ChangeOutcome>;
  setAdminState(input: {
    farmId: string;
    base: number;
    states: Readonly<Record<string, AdminState>>;
  }): Promise<ChangeOutcome>;
  cutBackend(input: { farmId: string; base: number; backendId: string }): Promise<ChangeOutcome>;
  undoRevision(input: { epoch: number; n: number }): Promise<ChangeOutcome>;
};
