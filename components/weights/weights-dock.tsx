import { ChevronDown, ChevronUp, Terminal } from "lucide-react";
import { useState } from "react";
import { Dock } from "@/components/changes/dock.tsx";
import { PreviewBody } from "@/components/changes/preview-body.tsx";
import type { PreviewState } from "@/components/changes/use-preview.ts";
import { Button } from "@/components/ui/button.tsx";
import { SyncMark } from "@/components/ui/sync-mark.tsx";
import { largestMovePts } from "@/server/core/change/what-if.ts";
import type { BoardRow } from "./board-model.ts";

type WeightsDockProps = {
  readonly count: number;
  readonly rows: readonly BoardRow[];
  /** the revision the edits stand on */
  readonly version: number;
  /** kept from before a reload */
  readonly isRestored: boolean;
  readonly preview: PreviewState;
  /** known at once, also while the agent is silent */
  readonly sentences: readonly string[];
  readonly blocked: string | null;
  readonly pending: boolean;
  readonly onDiscard: () => void;
  readonly onReview: () => void;
  readonly onApply: () => void;
};

const bigMovePts = 50;

/** The staged edits at the bottom of the window: what they do, and what may be done with them. */
export function WeightsDock(props: WeightsDockProps) {
  const [isOpen, setOpen] = useState(false);
  const { count, blocked, pending } = props;
  const largest = largestMovePts(
    new Map(props.rows.map((row) => [row.backend.id, row.runningPct])),
    new Map(props.rows.map((row) => [row.backend.id, row.plannedPct])),
  );
  const Arrow = isOpen ? ChevronDown : ChevronUp;
  return (
    <Dock
      label="Staged edits"
      drawer={
        isOpen ? (
          <div id="dock-preview" className="max-h-[45dvh] overflow-y-auto px-gutter py-3 max-md:hidden">
            <PreviewBody
              state={props.preview}
              sentences={props.sentences}
              backendNames={props.rows.map((row) => row.backend.name)}
            />
          </div>
        ) : null
      }
    >
      <SyncMark state="edited">{count === 1 ? "1 edit staged" : `${count} edits staged`}</SyncMark>
      <span className="text-small text-ink-3 max-lg:hidden">
        On revision {props.version}. Largest move {largest.toFixed(1)} points.
        {props.isRestored ? " Kept from before the reload." : null}
      </span>
      {largest > bigMovePts ? (
        <span className="text-small text-warn-ink">Moves more than {bigMovePts} points at once.</span>
      ) : null}
      {blocked === null ? null : <span className="text-small text-warn-ink">{blocked}</span>}
      <span className="ml-auto flex flex-wrap items-center gap-2">
        <Button
          variant="quiet"
          className="max-md:hidden"
          aria-expanded={isOpen}
          aria-controls={isOpen ? "dock-preview" : undefined}
          onClick={() => setOpen(!isOpen)}
        >
          <Terminal aria-hidden className="size-4" strokeWidth={1.5} />
          Kernel transaction
          <Arrow aria-hidden className="size-4" strokeWidth={1.5} />
        </Button>
        <Button variant="quiet" onClick={props.onDiscard}>
          Discard
        </Button>
        <Button onClick={props.onReview}>Review</Button>
        <Button
          variant="primary"
          aria-keyshortcuts="Control+Enter"
          disabledReason={blocked}
          pending={pending}
          onClick={props.onApply}
        >
          {pending ? "Applying" : "Apply"}
          <kbd aria-hidden className="rounded-1 border border-current px-1 text-[10.5px]/4 opacity-70 max-md:hidden">
            Ctrl Enter
          </kbd>
        </Button>
      </span>
    </Dock>
  );
}
