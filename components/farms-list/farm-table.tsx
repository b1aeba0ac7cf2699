"use client";

import { useCallback, useState } from "react";
import type { FarmBrief } from "@/components/overview/farm-brief.ts";
import { spanOf } from "@/components/overview/past-hours.ts";
import { usePastHours } from "@/components/overview/use-past-hours.ts";
import { Button } from "@/components/ui/button.tsx";
import { Checkbox } from "@/components/ui/choice.tsx";
import { DataTable, Th } from "@/components/ui/data-table.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { formatCount } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { quiteWide, wide, wider, widest } from "@/components/ui/wide.ts";
import type { FarmRow } from "@/server/core/metrics/live.ts";
import { FarmFoot } from "./farm-foot.tsx";
import { FarmTableRow } from "./farm-row.tsx";
import type { ListQuery, SortKey } from "./list-model.ts";
import { nextSort } from "./list-model.ts";
import type { BatchVerb } from "./use-batch.ts";

type FarmTableProps = {
  readonly farms: readonly FarmBrief[];
  readonly listed: readonly FarmBrief[];
  readonly rows: ReadonlyMap<string, FarmRow> | null;
  readonly isLost: boolean;
  readonly isComfortable: boolean;
  readonly query: ListQuery;
  readonly onQuery: (query: ListQuery) => void;
  readonly onClear: () => void;
  /** null = may only read */
  readonly act: {
    readonly selected: ReadonlySet<string>;
    readonly onSelect: (change: (old: ReadonlySet<string>) => ReadonlySet<string>) => void;
    readonly onAsk: (verb: BatchVerb, farm: FarmBrief) => void;
  } | null;
};

const shownStep = 100;

export function FarmTable({
  farms,
  listed,
  rows,
  isLost,
  isComfortable,
  query,
  onQuery,
  onClear,
  act,
}: FarmTableProps) {
  const [shownMax, setShownMax] = useState(shownStep);
  const shown = listed.slice(0, shownMax);
  const hours = usePastHours(shown.map(({ id }) => id));
  const { fromMs, span } = spanOf(shown.flatMap(({ id }) => hours.get(id) ?? []));
  const setSelected = act?.onSelect;
  const select = useCallback(
    (farmId: string, isSelected: boolean) => setSelected?.((old) => withOne(old, farmId, isSelected)),
    [setSelected],
  );
  const sort = (key: SortKey) => ({
    direction: query.sort.key === key ? query.sort.direction : null,
    onSort: () => onQuery({ ...query, sort: nextSort(query.sort, key) }),
  });
  if (listed.length === 0) {
    return (
      <Panel>
        <EmptyState title="Nothing matches" action={<Button onClick={onClear}>Clear filter</Button>}>
          {farms.length === 1 ? "1 farm is" : `${formatCount(farms.length)} farms are`} hidden by the filter.
        </EmptyState>
      </Panel>
    );
  }
  const chosen = act === null ? 0 : listed.filter((farm) => act.selected.has(farm.id)).length;
  return (
    <Panel>
      <DataTable label="Farms" comfort={isComfortable} tight isLost={isLost}>
        <thead>
          <tr>
            {act === null ? null : (
              <Th className="max-sm:pr-0!">
                <Checkbox
                  aria-label="Select all that are listed"
                  checked={chosen === listed.length}
                  indeterminate={chosen > 0 && chosen < listed.length}
                  onChange={(event) => {
                    const all = event.target.checked ? listed.map((farm) => farm.id) : [];
                    act.onSelect(() => new Set(all));
                  }}
                />
              </Th>
            )}
            <Th sort={sort("name")}>Name</Th>
            <Th sort={sort("status")}>State</Th>
            <Th className={wider}>VIP, port, protocol</Th>
            <Th className={widest}>Scheduler</Th>
            <Th num className={wide} sort={sort("serving")}>
              Serving
            </Th>
            <Th className={`w-full ${wider}`}>Backends</Th>
            <Th className={widest}>Traffic{span}</Th>
            <Th num className={wide} sort={sort("newPerS")}>
              New conn/s
            </Th>
            <Th num className={wide} sort={sort("active")}>
              Active
            </Th>
            <Th num className={quiteWide} sort={sort("p95")}>
              Connect p95, ms
            </Th>
            <Th num className={widest} sort={sort("version")}>
              Revision
            </Th>
            <Th className="stick-end">
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {shown.map((farm) => (
            <FarmTableRow
              key={farm.id}
              farm={farm}
              hour={hours.get(farm.id) ?? null}
              fromMs={fromMs}
              row={rows?.get(farm.id) ?? null}
              isLost={isLost}
              act={act === null ? null : { isSelected: act.selected.has(farm.id), onSelect: select, onAsk: act.onAsk }}
            />
          ))}
        </tbody>
        {listed.length > 1 ? <FarmFoot listed={listed} rows={rows} hasTicks={act !== null} /> : null}
      </DataTable>
      {shown.length === listed.length ? null : (
        <div className="px-3.5 py-2">
          <Button onClick={() => setShownMax(shownMax + shownStep)}>
            Show {Math.min(shownStep, listed.length - shown.length)} more of {formatCount(listed.length)}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function withOne(old: ReadonlySet<string>, id: string, isIn: boolean): ReadonlySet<string> {
  const next = new Set(old);
  if (isIn) next.add(id);
  else next.delete(id);
  return next;
}
