"use client";

import { useMemo, useState } from "react";
import type { FarmActions } from "@/components/changes/farm-actions.ts";
import { usePreview } from "@/components/changes/use-preview.ts";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useAgentState, useFarmLive, useFreshness } from "@/components/live/use-live.ts";
import { draftFarm, stagedEdits, stagedWeights } from "@/server/core/change/draft.ts";
import type { Operation } from "@/server/core/change/operation.ts";
import type { FarmView, Role } from "@/server/core/change/views.ts";
import { blockedReason } from "./blocked.ts";
import { BoardList } from "./board-list.tsx";
import { boardRows, closesLastGate, sentencesOf, survivorsWithout } from "./board-model.ts";
import { BoardNotes } from "./board-notes.tsx";
import { SharePanels } from "./share-panel.tsx";
import { useAdminState } from "./use-admin-state.ts";
import { useApplyWeights } from "./use-apply-weights.ts";
import { useBoardEdits } from "./use-board-edits.ts";
import { useBoardKeys } from "./use-board-keys.ts";
import { useDrains } from "./use-drains.ts";
import { useStable } from "./use-stable.ts";
import { useWeightsDraft } from "./use-weights-draft.ts";
import { WeightsConflict } from "./weights-conflict.tsx";
import { WeightsDialogs } from "./weights-dialogs.tsx";
import { WeightsDock } from "./weights-dock.tsx";
import { WeightsReview } from "./weights-review.tsx";
import { WeightsToolbar } from "./weights-toolbar.tsx";

type WeightsBoardProps = { readonly view: FarmView; readonly role: Role; readonly actions: FarmActions };

type Open = "review" | "conflict" | "keys" | "capacity" | null;

/** The weights of one farm: edits go to a draft, the draft to one change; nothing is sent before it is applied. */
export function WeightsBoard({ view: given, role, actions }: WeightsBoardProps) {
  const live = useFarmLive(given.farm.id);
  const agent = useAgentState();
  const isLost = isNotKnown(useFreshness().state);
  const board = useWeightsDraft(given, live);
  const { draft, view } = board;
  const [open, setOpen] = useState<Open>(null);
  const [said, setSaid] = useState("");
  const staged = stagedEdits(draft);
  const planned = useMemo(() => draftFarm(draft, view.farm), [draft, view.farm]);
  const input = { farm: view.farm, planned, live };
  const rows = boardRows(input);
  const blocked = blockedReason(role, agent?.state ?? null);
  const admin = useAdminState({ view, live, stagedCount: staged.length, actions, learn: board.learn });
  const apply = useApplyWeights(board, actions);
  const edits = useBoardEdits(board, setSaid);
  const drainOf = useDrains(live, (id) => setSaid(`${draft.names[id] ?? "A backend"} is empty`));
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
  return (
    <>
      <WeightsToolbar
        draft={draft}
        hasEdits={staged.length > 0}
        hasShareMode={view.farm.scheduler !== "round-robin"}
        onMode={edits.mode}
        onEqualise={edits.row.equalise}
        onCapacity={() => setOpen("capacity")}
        onReset={edits.reset}
        onUndo={edits.undo}
        onRedo={edits.redo}
        onHelp={() => setOpen("keys")}
      />
      <BoardNotes board={board} onCompare={() => setOpen("conflict")} />
      <SharePanels
        rows={rows}
        version={view.version}
        hasEdits={staged.length > 0}
        newPerS={live?.newPerS ?? null}
        survivorsWithout={(id) => survivorsWithout(input, id)}
      />
      <BoardList
        farmName={view.farm.name}
        rows={rows}
        drainOf={(row) => drainOf(row.backend.id)}
        draft={draft}
        isLost={isLost}
        isWaiting={live === null}
        blocked={blocked}
        handlers={handlers}
      />
      {staged.length === 0 ? null : (
        <WeightsDock
          count={staged.length}
          rows={rows}
          version={draft.base}
          isRestored={board.isRestored}
          preview={preview}
          sentences={sentencesOf(input)}
          blocked={blocked}
          pending={apply.isPending}
          onDiscard={board.discard}
          onReview={() => setOpen(board.overtaken === null ? "review" : "conflict")}
          onApply={onApply}
        />
      )}
      <WeightsReview
        open={open === "review"}
        onClose={() => setOpen(null)}
        farm={view.farm}
        rows={rows}
        operations={operations}
        previewAction={actions.preview}
        closesLastGate={isClosing}
        blocked={blocked}
        pending={apply.isPending}
        onApply={() => void send()}
      />
      <WeightsConflict open={open === "conflict"} onClose={() => setOpen(null)} board={board} faster={apply.faster} />
      <WeightsDialogs
        open={open}
        onClose={() => setOpen(null)}
        farm={view.farm}
        admin={admin}
        onCapacity={edits.capacity}
      />
      <div role="status" className="sr-only">
        {said}
      </div>
    </>
  );
}
