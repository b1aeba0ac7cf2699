"use client";

import { History, Undo2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { LocalTime } from "@/components/ui/local-time.tsx";
import type { RevisionView } from "@/server/core/change/views.ts";
import type { HistoryActions } from "./history-actions.ts";
import { RestoreDialog } from "./restore-dialog.tsx";
import { RevisionSentences } from "./revision-sentences.tsx";
import { UndoDialog } from "./undo-dialog.tsx";

type RevisionListProps = {
  readonly revisions: readonly RevisionView[];
  /** names of farms that exist; a removed one has none */
  readonly farmNames: Readonly<Record<string, string>>;
  /** null for those who may not change farms */
  readonly actions: HistoryActions | null;
  /** on a farm's own page its name is not repeated, and each revision can bring that farm back */
  readonly farmId?: string;
};

type Asked = { readonly verb: "undo" | "restore"; readonly revision: RevisionView };

export function RevisionList({ revisions, farmNames, actions, farmId }: RevisionListProps) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const askedFarmId = farmId ?? asked?.revision.farmIds[0];
  const close = () => setAsked(null);
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
              <RevisionSentences sentences={revision.sentences} />
              <p className="flex flex-wrap items-center gap-x-3 text-small text-ink-3">
                <LocalTime atMs={revision.at} withDate />
                <span>{revision.by}</span>
                {farmId !== undefined ? null : <FarmLinks ids={revision.farmIds} names={farmNames} />}
              </p>
            </div>
            {actions === null ? null : (
              <div className="flex flex-wrap justify-end gap-2 max-md:col-start-2 max-md:mt-1.5 max-md:justify-start empty:hidden">
                {revision.canUndo ? (
                  <Button onClick={() => setAsked({ verb: "undo", revision })}>
                    <Undo2 aria-hidden className="size-3.5" strokeWidth={1.5} />
                    Undo<span className="sr-only"> revision {revision.n}</span>
                  </Button>
                ) : null}
                {revision.canRestore ? (
                  <Button onClick={() => setAsked({ verb: "restore", revision })}>
                    <History aria-hidden className="size-3.5" strokeWidth={1.5} />
                    Restore<span className="sr-only"> the farm as after revision {revision.n}</span>
                  </Button>
                ) : null}
              </div>
            )}
          </li>
        ))}
      </ol>
      {actions !== null && asked?.verb === "undo" ? (
        <UndoDialog revision={asked.revision} undo={actions.undo} onClose={close} />
      ) : null}
      {actions !== null && asked?.verb === "restore" && askedFarmId !== undefined ? (
        <RestoreDialog revision={asked.revision} farmId={askedFarmId} actions={actions} onClose={close} />
      ) : null}
    </>
  );
}

function byName(ids: readonly string[], names: FarmLinksProps["names"]): string[] {
  return [...ids].sort((a, b) => ((names[a] ?? "") < (names[b] ?? "") ? -1 : 1));
}

const farmsShownMax = 4;

type FarmLinksProps = { readonly ids: readonly string[]; readonly names: Readonly<Record<string, string>> };

function FarmLinks({ ids, names }: FarmLinksProps) {
  return (
    <span className="inline-flex flex-wrap gap-x-2">
      {byName(ids, names)
        .slice(0, farmsShownMax)
        .map((id) => {
          const name = names[id];
          return name === undefined ? (
            <span key={id}>a removed farm</span>
          ) : (
            <Link key={id} className="link inline-flex min-h-6 items-center" href={`/farms/${id}`}>
              {name}
            </Link>
          );
        })}
      {ids.length > farmsShownMax ? <span>and {ids.length - farmsShownMax} more</span> : null}
    </span>
  );
}
