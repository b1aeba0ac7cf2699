import { useFreshness } from "@/components/live/use-live.ts";
import { ConfirmDialog } from "@/components/ui/confirm.tsx";
import type { ChangeOutcome } from "@/server/core/change/outcome.ts";
import type { RevisionView } from "@/server/core/change/views.ts";
import { RevisionSentences } from "./revision-sentences.tsx";
import { useWayBack } from "./use-way-back.ts";

type UndoDialogProps = {
  readonly revision: RevisionView;
  readonly undo: (input: { epoch: number; n: number }) => Promise<ChangeOutcome>;
  readonly onClose: () => void;
};

export function UndoDialog({ revision, undo, onClose }: UndoDialogProps) {
  const { isPending, run } = useWayBack();
  const said = (n: number) => `Revision ${revision.n} is undone by revision ${n}`;
  const isLost = useFreshness().state === "lost";
  return (
    <ConfirmDialog
      open
      danger={false}
      title={`Undo revision ${revision.n}?`}
      action="Undo"
      pending={isPending || isLost}
      onClose={onClose}
      onConfirm={() => void run(() => undo({ epoch: revision.epoch, n: revision.n }), said).then(onClose)}
    >
      <p>A new revision puts back what this one changed:</p>
      <div className="mt-1.5">
        <RevisionSentences sentences={revision.sentences} />
      </div>
      {isLost ? <p className="mt-2 text-danger-ink">The agent does not answer: nothing can be applied now.</p> : null}
    </ConfirmDialog>
  );
}
