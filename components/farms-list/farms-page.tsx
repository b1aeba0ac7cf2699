"use client";

import { Plus } from "lucide-react";
import { useEffect, useState } from "react";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useFarmRows, useFreshness } from "@/components/live/use-live.ts";
import type { FarmBrief } from "@/components/overview/farm-brief.ts";
import { NoFarms } from "@/components/overview/farm-summary.tsx";
import { PageHead } from "@/components/shell/page-head.tsx";
import { ButtonLink } from "@/components/ui/button.tsx";
import { formatCounted } from "@/components/ui/numbers.ts";
import { Segmented } from "@/components/ui/segmented.tsx";
import { BatchBar } from "./batch-bar.tsx";
import type { BatchQuestion } from "./batch-confirm.tsx";
import { BatchConfirm } from "./batch-confirm.tsx";
import { FarmFilters } from "./farm-filters.tsx";
import { FarmTable } from "./farm-table.tsx";
import { GatesLegend } from "./gates.tsx";
import type { ListQuery } from "./list-model.ts";
import { keepExisting, listFarms, plainQuery, queryText } from "./list-model.ts";
import type { ListActions } from "./use-batch.ts";
import { useBatch } from "./use-batch.ts";
import { useDensity } from "./use-density.ts";

type FarmsPageProps = {
  readonly farms: readonly FarmBrief[];
  readonly initialQuery: ListQuery;
  readonly actions: ListActions;
  readonly canChange: boolean;
};

const densities = [
  { value: "compact", label: "Compact" },
  { value: "comfortable", label: "Comfortable" },
] as const;

export function FarmsPage({ farms, initialQuery, actions, canChange }: FarmsPageProps) {
  const rows = useFarmRows();
  const { state } = useFreshness();
  const isLost = isNotKnown(state);
  const [query, setQuery] = useState(initialQuery);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [question, setQuestion] = useState<BatchQuestion | null>(null);
  const [density, setDensity] = useDensity();
  const batch = useBatch(actions);
  const selected = keepExisting(picked, farms);
  const selectedFarms = farms.filter((farm) => selected.has(farm.id));
  const listed = listFarms(farms, rows, query);
  const backends = farms.reduce((sum, farm) => sum + farm.backends.length, 0);

  useEffect(() => {
    const url = `${window.location.pathname}${queryText(query)}`;
    window.history.replaceState(null, "", url);
  }, [query]);

  return (
    <>
      <PageHead
        title="Farms"
        sub={`${formatCounted(farms.length, "farm")}, ${formatCounted(backends, "backend")}`}
        actions={
          canChange ? (
            <ButtonLink variant="primary" href="/farms/new">
              <Plus aria-hidden className="size-4" strokeWidth={1.5} />
              New farm
            </ButtonLink>
          ) : undefined
        }
      />
      {farms.length === 0 ? (
        <NoFarms canCreate={canChange} />
      ) : (
        <>
          <div className="flex flex-wrap items-start justify-between gap-2">
            <FarmFilters farms={farms} rows={rows} query={query} isLost={isLost} onChange={setQuery} />
            {/* a phone has rows of one height: two lines */}
            <div className="max-sm:hidden">
              <Segmented label="Height of rows" value={density} options={densities} onChange={setDensity} />
            </div>
          </div>
          <FarmTable
            farms={farms}
            listed={listed}
            rows={rows}
            isLost={isLost}
            isComfortable={density === "comfortable"}
            query={query}
            onQuery={setQuery}
            onClear={() => setQuery({ ...plainQuery, sort: query.sort })}
            act={
              canChange
                ? {
                    selected,
                    onSelect: setPicked,
                    onAsk: (verb, farm) => setQuestion({ verb, farms: [farm] }),
                  }
                : null
            }
          />
          <GatesLegend farms={listed} rows={rows} isLost={isLost} />
          {canChange ? (
            <BatchBar
              farms={selectedFarms}
              done={batch.done}
              blocked={state === "lost" ? "The agent does not answer" : null}
              onAsk={(verb) => setQuestion({ verb, farms: selectedFarms })}
              onClear={() => setPicked(new Set())}
            />
          ) : null}
          <BatchConfirm
            question={question}
            onClose={() => setQuestion(null)}
            onConfirm={() => {
              if (question !== null) void batch.run(question.verb, question.farms);
              setQuestion(null);
            }}
          />
        </>
      )}
    </>
  );
}
