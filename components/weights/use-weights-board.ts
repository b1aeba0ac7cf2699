import { useMemo, useState } from "react";
import type { FarmActions } from "@/components/changes/farm-actions.ts";
import { usePreview } from "@/components/changes/use-preview.ts";
import { useAgentState, useFarmLive } from "@/components/live/use-live.ts";
import { draftFarm, stagedEdits, stagedWeights } from "@/server/core/change/draft.ts";
import type { Operation } from "@/server/core/change/operation.ts";
import type { FarmView, Role } from "@/server/core/change/views.ts";
import { blockedReason } from "./blocked.ts";
import { boardRows, closesLastGate } from "./board-model.ts";
import { useAdminState } from "./use-admin-state.ts";
import { useApplyWeights } from "./use-apply-weights.ts";
import { useBoardEdits } from "./use-board-edits.ts";
import { useBoardKeys } from "./use-board-keys.ts";
import { useStable } from "./use-stable.ts";
import { useWeightsDraft } from "./use-weights-draft.ts";

export type WeightsBoardProps = { readonly view: FarmView; readonly role: Role; readonly actions: FarmActions };

export type OpenDialog = "review" | "conflict" | "keys" | "capacity" | null;

/** What the board shows and what its keys and buttons do, without a picture of it. */
export function useWeightsBoard({ view: given, role, actions }: WeightsBoardProps) {
  const live = useFarmLive(given.farm.id);
  const agent = useAgentState();
  const board = useWeightsDraft(given, live);
  const { draft, view } = board;
  const [open, setOpen] = useState<OpenDialog>(null);
  const [said, setSaid] = useState("");
  const staged = stagedEdits(draft);
  const planned = useMemo(() => draftFarm(draft, view.farm), [draft, view.farm]);
  const input = { farm: view.farm, planned, live };
  const blocked = blockedReason(role, agent?.state ?? null);
  const admin = useAdminState({ view, live, stagedCount: staged.length, actions, learn: board.learn });
  const apply = useApplyWeights(board, actions);
  const edits = useBoardEdits(board, setSaid);
  const isClosing = closesLastGate(input);
  const operations: Operation[] = [
    { type: "set-weights", base: draft.base, farmId: draft.farmId, weights: stagedWeights(draft) },
  ];
  const canAsk = staged.length > 0 && draft.gesture === null && blocked === null && board.overtaken === null;
  const preview = usePreview(actions.preview, canAsk ? operations : null);

  const send = async () => {
    const result = await apply.send();
    setOpen(result === "conflict" ? "conflict" : null);
    if (result === "ok") setSaid("Applied");
  };
  const onApply = () => {
    if (staged.length === 0 || blocked !== null || apply.isPending) return;
    if (board.overtaken !== null) setOpen("conflict");
    else if (isClosing) setOpen("review");
    else void send();
  };
  useBoardKeys({ undo: edits.undo, redo: edits.redo, apply: onApply });
  const handlers = useStable({
    ...edits.row,
    help: () => setOpen("keys"),
    setState: admin.request,
    cut: admin.cut,
  });
  const shown = { live, input, rows: boardRows(input), staged, blocked, isClosing, preview, operations, said };
  return { ...shown, board, edits, admin, apply, handlers, open, setOpen, send, onApply };
}

export type WeightsBoardState = ReturnType<typeof useWeightsBoard>;
