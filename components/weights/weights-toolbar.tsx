import { Keyboard, Redo2, Undo2 } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import type { Draft, DraftMode } from "@/server/core/change/draft.ts";
import { GaugeKey } from "./share-gauge.tsx";

type ToolbarProps = {
  readonly draft: Draft;
  readonly hasEdits: boolean;
  /** false: shares cannot be moved, round robin gives all the same */
  readonly hasShareMode: boolean;
  readonly onMode: (mode: DraftMode) => void;
  readonly onEqualise: () => void;
  readonly onCapacity: () => void;
  readonly onReset: () => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly onHelp: () => void;
};

const icon = { "aria-hidden": true, className: "size-4", strokeWidth: 1.5 } as const;

export function WeightsToolbar(props: ToolbarProps) {
  const { draft } = props;
  const canUndo = draft.past.length > 0 || draft.gesture !== null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      {props.hasShareMode ? (
        <Segmented
          label="What the sliders move"
          value={draft.mode}
          options={[
            { value: "weights", label: "Weights" },
            { value: "share", label: "Share of 100 %" },
          ]}
          onChange={props.onMode}
        />
      ) : null}
      <Button onClick={props.onEqualise} aria-keyshortcuts="E">
        Equalise
        <kbd aria-hidden className="rounded-1 border border-line-strong px-1 text-[10.5px]/4 text-ink-3 max-md:hidden">
          E
        </kbd>
      </Button>
      <Button onClick={props.onCapacity}>By capacity</Button>
      <Button onClick={props.onReset} disabledReason={props.hasEdits ? null : "The draft is what runs"}>
        Reset to running
      </Button>
      <span className="flex gap-1">
        <IconButton
          variant="default"
          label="Undo"
          aria-keyshortcuts="Control+Z"
          icon={<Undo2 {...icon} />}
          disabledReason={canUndo ? null : "Nothing to undo"}
          onClick={props.onUndo}
        />
        <IconButton
          variant="default"
          label="Redo"
          aria-keyshortcuts="Control+Shift+Z"
          icon={<Redo2 {...icon} />}
          disabledReason={draft.future.length > 0 ? null : "Nothing to redo"}
          onClick={props.onRedo}
        />
        <IconButton variant="quiet" label="Keys" icon={<Keyboard {...icon} />} onClick={props.onHelp} />
      </span>
      <span className="ml-auto max-xl:hidden">
        <GaugeKey />
      </span>
    </div>
  );
}
