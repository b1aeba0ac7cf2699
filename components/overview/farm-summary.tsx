"use client";

import Link from "next/link";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useFarmRows, useFreshness } from "@/components/live/use-live.ts";
import { ButtonLink } from "@/components/ui/button.tsx";
import { DataTable, Th } from "@/components/ui/data-table.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { formatCount } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import type { FarmRow } from "@/server/core/metrics/live.ts";
import type { FarmBrief } from "./farm-brief.ts";
import { spanOf } from "./past-hours.ts";
import { roomy, SummaryRow } from "./summary-row.tsx";
import { usePastHours } from "./use-past-hours.ts";

const shownMax = 20;
const order = ["down", "critical", "problem", "unknown", "maintenance", "stopped", "not-checked", "up"];

export function FarmSummary({
  farms,
  canCreate,
}: {
  readonly farms: readonly FarmBrief[];
  readonly canCreate: boolean;
}) {
  const rows = useFarmRows();
  const isLost = isNotKnown(useFreshness().state);
  const sorted = troubleFirst(farms, rows).slice(0, shownMax);
  const known = usePastHours(sorted.map((farm) => farm.id));
  const { fromMs, span } = spanOf(sorted.flatMap((farm) => known.get(farm.id) ?? []));
  if (farms.length === 0) return <NoFarms canCreate={canCreate} />;
  return (
    <Panel
      title="Farms"
      meta={farms.length > shownMax ? `${shownMax} of ${formatCount(farms.length)}, trouble first` : "trouble first"}
      actions={
        <Link className="link px-1.5" href="/farms">
          All columns
        </Link>
      }
    >
      <DataTable label="Farms, trouble first" comfort tight isLost={isLost}>
        <thead>
          <tr>
            <Th>Farm</Th>
            <Th>State</Th>
            <Th num className="max-sm:pr-3.5!">
              Serving
            </Th>
            <Th className="max-sm:hidden">State{span}</Th>
            <Th className={roomy}>Traffic{span}</Th>
            <Th num className="max-sm:hidden max-2xl:pr-3.5!">
              New conn/s
            </Th>
            <Th num className="max-2xl:hidden">
              Active
            </Th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((farm) => (
            <SummaryRow
              key={farm.id}
              farm={farm}
              row={rows?.get(farm.id)}
              hour={known.get(farm.id)}
              fromMs={fromMs}
              isLost={isLost}
            />
          ))}
        </tbody>
      </DataTable>
    </Panel>
  );
}

export function NoFarms({ canCreate }: { readonly canCreate: boolean }) {
  return (
    <Panel title="Farms">
      <EmptyState
        title="No farms yet"
        action={
          canCreate ? (
            <ButtonLink variant="primary" href="/farms/new">
              New farm
            </ButtonLink>
          ) : undefined
        }
      >
        A farm is an address with the backends that answer for it.
      </EmptyState>
    </Panel>
  );
}

/** Within one word the order of names stays: rows do not jump with their numbers. */
function troubleFirst(farms: readonly FarmBrief[], rows: ReadonlyMap<string, FarmRow> | null): FarmBrief[] {
  const rank = (farm: FarmBrief) => {
    const word = rows?.get(farm.id)?.word;
    return word === undefined ? order.length : order.indexOf(word);
  };
  return [...farms].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}
