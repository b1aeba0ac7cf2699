"use client";

import type { FarmActions } from "@/components/changes/farm-actions.ts";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useFreshness } from "@/components/live/use-live.ts";
import { BoardList } from "./board-list.tsx";
import { sentencesOf, survivorsWithout } from "./board-model.ts";
import { BoardNotes } from "./board-notes.tsx";
import { SharePanels } from "./share-panel.tsx";
import { useWeightsBoard, type WeightsBoardProps, type WeightsBoardState } from "./use-weights-board.ts";
import { WeightsConflict } from "./weights-conflict.tsx";
import { WeightsDialogs } from "./weights-dialogs.tsx";
import { WeightsDock } from "./weights-dock.tsx";
import { WeightsReview } from "./weights-review.tsx";
import { WeightsToolbar } from "./weights-toolbar.tsx";

/** The weights of one farm: edits go to a draft, the draft to one change; nothing is sent before it is applied. */
export function WeightsBoard(props: WeightsBoardProps) {
  const state = useWeightsBoard(props);
  const { board, edits, input, rows, live, setOpen } = state;
  const { draft, view } = board;
  const isLost = isNotKnown(useFreshness().state);
  const hasEdits = state.staged.length > 0;
  return (
    <>
      <WeightsToolbar
        draft={draft}
        hasEdits={hasEdits}
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
        hasEdits={hasEdits}
        newPerS={live?.newPerS ?? null}
        survivorsWithout={(id) => survivorsWithout(input, id)}
      />
      <BoardList
        farmName={view.farm.name}
        rows={rows}
        draft={draft}
        isLost={isLost}
        isWaiting={live === null}
        blocked={state.blocked}
        handlers={state.handlers}
      />
      {hasEdits ? <Dock state={state} /> : null}
      <Dialogs state={state} actions={props.actions} />
      <div role="status" className="sr-only">
        {state.said}
      </div>
    </>
  );
}

function Dock({ state }: { readonly state: WeightsBoardState }) {
  const { board, setOpen } = state;
  return (
    <WeightsDock
      count={state.staged.length}
      rows={state.rows}
      version={board.draft.base}
      isRestored={board.isRestored}
      preview={state.preview}
      sentences={sentencesOf(state.input)}
      blocked={state.blocked}
      pending={state.apply.isPending}
      onDiscard={board.discard}
      onReview={() => setOpen(board.overtaken === null ? "review" : "conflict")}
      onApply={state.onApply}
    />
  );
}

function Dialogs({ state, actions }: { readonly state: WeightsBoardState; readonly actions: FarmActions }) {
  const { board, apply, open, setOpen } = state;
  const { farm } = board.view;
  const close = () => setOpen(null);
  return (
    <>
      <WeightsReview
        open={open === "review"}
        onClose={close}
        farm={farm}
        rows={state.rows}
        operations={state.operations}
        previewAction={actions.preview}
        closesLastGate={state.isClosing}
        blocked={state.blocked}
        pending={apply.isPending}
        onApply={() => void state.send()}
      />
      <WeightsConflict open={open === "conflict"} onClose={close} board={board} faster={apply.faster} />
      <WeightsDialogs open={open} onClose={close} farm={farm} admin={state.admin} onCapacity={state.edits.capacity} />
    </>
  );
}
