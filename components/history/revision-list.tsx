"use client";

import { Undo2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useFreshness } from "@/components/live/use-live.ts";
import { Button } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm.tsx";
import { LocalTime } from "@/components/ui/local-time.tsx";
import type { ChangeOutcome } from "@/server/core/change/outcome.ts";
import type { RevisionView } from "@/server/core/change/views.ts";
import { useUndo } from "./use-undo.ts";

type RevisionListProps = {
  readonly revisions: readonly RevisionView[];
  /** names of farms that exist; a removed one has none */
  readonly farmNames: Readonly<Record<string, string>>;
  readonly undo: ((input: { epoch: number; n: number }) => Promise<ChangeOutcome>) | null;
  /** on a farm's own page its name is not repeated */
  readonly hideFarms?: boolean;
};

export function RevisionList({ revisions, farmNames, undo, hideFarms = false }: RevisionListProps) {
  const [asked, setAsked] = useState<RevisionView | null>(null);
  return (
    <>
      <ol>
        {revisions.map((revision) => (
          <li
            key={`${revision.epoch}.${revision.n}`}
            id={`revision-${revision.n}`}
            className="grid grid-cols-[64px_minmax(0,1fr)_auto] items-start gap-x-3.5 border-b border-line px-3.5 py-2.5 last:border-b-0 target:bg-selected max-md:grid-cols-[44px_minmax(0,1fr)]"
          >
            <b className="text-head font-semibold" title={`Epoch ${revision.epoch}`}>
              <span className="sr-only">Revision </span>
              {revision.n}
            </b>
            <div className="grid min-w-0 gap-1">
              <ul className="grid gap-0.5">
                {revision.sentences.map((sentence) => (
                  <li key={sentence} className="break-words">
                    {sentence}
                  </li>
                ))}
                {revision.sentences.length === 0 ? <li className="text-ink-3">No visible change</li> : null}
              </ul>
              <p className="flex flex-wrap items-center gap-x-3 text-small text-ink-3">
                <LocalTime atMs={revision.at} withDate />
                <span>{revision.by}</span>
                {hideFarms ? null : <FarmLinks ids={revision.farmIds} names={farmNames} />}
              </p>
            </div>
            {undo !== null && revision.canUndo ? (
              <Button
                className="max-md:col-start-2 max-md:mt-1.5 max-md:justify-self-start"
                onClick={() => setAsked(revision)}
              >
                <Undo2 aria-hidden className="size-3.5" strokeWidth={1.5} />
                Undo<span className="sr-only"> revision {revision.n}</span>
              </Button>
            ) : null}
          </li>
        ))}
      </ol>
      {undo === null || asked === null ? null : (
        <UndoDialog revision={asked} undo={undo} onClose={() => setAsked(null)} />
      )}
    </>
  );
}

const farmsShownMax = 4;

type FarmLinksProps = { readonly ids: readonly string[]; readonly names: Readonly<Record<string, string>> };

function FarmLinks({ ids, names }: FarmLinksProps) {
  return (
    <span className="inline-flex flex-wrap gap-x-2">
      {ids.slice(0, farmsShownMax).map((id) => {
        const name = names[id];
        return name === undefined ? (
          <span key={id}>a removed farm</span>
        ) : (
          <Link key={id} className="link" href={`/farms/${id}`}>
            {name}
          </Link>
        );
      })}
      {ids.length > farmsShownMax ? <span>and {ids.length - farmsShownMax} more</span> : null}
    </span>
  );
}

type UndoDialogProps = {
  readonly revision: RevisionView;
  readonly undo: (input: { epoch: number; n: number }) => Promise<ChangeOutcome>;
  readonly onClose: () => void;
};

function UndoDialog({ revision, undo, onClose }: UndoDialogProps) {
  const { isPending, run } = useUndo(undo);
  const isLost = useFreshness().state === "lost";
  return (
    <ConfirmDialog
      open
      danger={false}
      title={`Undo revision ${revision.n}?`}
      action="Undo"
      pending={isPending || isLost}
      onClose={onClose}
      onConfirm={() => void run(revision).then(onClose)}
    >
      <p>A new revision puts back what this one changed:</p>
      <ul className="mt-1.5 list-disc pl-4.5">
        {revision.sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {isLost ? <p className="mt-2 text-danger-ink">The agent does not answer: nothing can be applied now.</p> : null}
    </ConfirmDialog>
  );
}
