"use client";

import Link from "next/link";
import { shownTime } from "@/components/farm-live/connect-source.ts";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useFarmRows, useFreshness } from "@/components/live/use-live.ts";
import { ButtonLink } from "@/components/ui/button.tsx";
import { DataTable, NumberCell, Th } from "@/components/ui/data-table.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { formatCount, formatMs, formatRate } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { FarmStatus } from "@/components/ui/status-text.tsx";
import type { FarmRow } from "@/server/core/metrics/live.ts";
import type { FarmBrief } from "./farm-brief.ts";
import { narrowRate } from "./narrow-rate.ts";
import { Spark } from "./spark.tsx";
import { spanMinutes, type TrafficPoint } from "./traffic.ts";
import { trafficFarmsMax, useTraffic } from "./use-traffic.ts";

const shownMax = trafficFarmsMax;
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
  const traffic = useTraffic(sorted.map((farm) => farm.id));
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
            <Th className="max-sm:hidden">Traffic, {spanMinutes(longest(traffic))} min</Th>
            <Th num className="max-sm:hidden">
              New conn/s
            </Th>
            <Th num className="max-sm:hidden max-2xl:pr-3.5!">
              Active
            </Th>
            <Th num className="max-2xl:hidden">
              Connect p95, ms
            </Th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((farm) => {
            const row = rows?.get(farm.id);
            return (
              <tr key={farm.id}>
                <th scope="row" className="stick font-medium">
                  <Link href={`/farms/${farm.id}`} className="name max-w-32! rounded-1 hover:text-accent">
                    {farm.name}
                  </Link>
                </th>
                <td>
                  {row === undefined ? (
                    <span className="zero">-</span>
                  ) : (
                    <FarmStatus word={row.word} isLost={isLost} stacked />
                  )}
                </td>
                <td className="num max-sm:pr-3.5!">
                  {row === undefined ? "-" : row.serving} <span className="text-ink-3">of {farm.backends.length}</span>
                  <small className="block text-small text-ink-3 sm:hidden">{narrowRate(row)}</small>
                </td>
                <td className="max-sm:hidden">
                  <span className="block w-[72px]">
                    <Spark values={(traffic.get(farm.id) ?? []).map(({ at, newPerS }) => ({ at, value: newPerS }))} />
                  </span>
                </td>
                <NumberCell
                  value={row?.newPerS}
                  format={formatRate}
                  missing={row?.untracked}
                  className="max-sm:hidden"
                />
                <NumberCell
                  value={row?.active}
                  format={formatCount}
                  missing={row?.untracked}
                  className="max-sm:hidden max-2xl:pr-3.5!"
                />
                <NumberCell
                  value={row === undefined ? null : shownTime(row).p95Ms}
                  format={formatMs}
                  className="max-2xl:hidden"
                />
              </tr>
            );
          })}
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

/** The farm that has been seen longest names the time of all. */
function longest(traffic: ReadonlyMap<string, readonly TrafficPoint[]>): readonly TrafficPoint[] {
  return [...traffic.values()].reduce((a, b) => (b.length > a.length ? b : a), []);
}
