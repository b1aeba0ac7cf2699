"use client";

import Link from "next/link";
import { useState } from "react";
import type { FarmActions } from "@/components/changes/farm-actions.ts";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useFarmLive, useFreshness } from "@/components/live/use-live.ts";
import { Button } from "@/components/ui/button.tsx";
import { DataTable, Th } from "@/components/ui/data-table.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { formatCount } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { wide, wider } from "@/components/ui/wide.ts";
import { AdminDialogs } from "@/components/weights/admin-dialogs.tsx";
import type { AdminControl } from "@/components/weights/use-admin-state.ts";
import { useAdminState } from "@/components/weights/use-admin-state.ts";
import type { FarmView } from "@/server/core/change/views.ts";
import type { FarmLive } from "@/server/core/metrics/live.ts";
import { filterFrom, fitsFilter } from "./backend-filter.ts";
import { BackendFilter } from "./backend-filter-box.tsx";
import { BackendFoot } from "./backend-foot.tsx";
import { BackendRows } from "./backend-rows.tsx";

type BackendTableProps = { readonly view: FarmView; readonly actions: FarmActions | null };

const shownStep = 100;

/** Numbers of each backend; with actions when the reader may act. */
export function BackendTable({ view, actions }: BackendTableProps) {
  return actions === null ? <Table view={view} control={null} /> : <ActingTable view={view} actions={actions} />;
}

function ActingTable({ view, actions }: { readonly view: FarmView; readonly actions: FarmActions }) {
  const live = useFarmLive(view.farm.id);
  const control = useAdminState({ view, live, stagedCount: 0, actions, learn: () => undefined });
  return (
    <>
      <Table view={view} control={control} />
      <AdminDialogs
        farm={view.farm}
        question={control.question}
        pending={control.isPending}
        onClose={control.close}
        onConfirm={control.confirm}
      />
    </>
  );
}

function metaOf(live: FarmLive | null): string {
  const serving = live === null ? [] : [`${live.serving} of ${live.total} serving`];
  const waiting = live?.waiting === undefined ? [] : [`${live.waiting} waiting for a lower tier`];
  const untracked = live?.untracked === undefined ? ["order as in the charts"] : [`connections ${live.untracked}`];
  return [...serving, ...waiting, ...untracked].join(", ");
}

function Table({ view: { farm }, control }: { readonly view: FarmView; readonly control: AdminControl | null }) {
  const live = useFarmLive(farm.id);
  const isLost = isNotKnown(useFreshness().state);
  const [shownMax, setShownMax] = useState(shownStep);
  const [filter, setFilter] = useState("");
  const rows = new Map(live?.backends.map((row) => [row.backendId, row]));
  const listed = farm.backends
    .map((backend, index) => ({ backend, index }))
    .filter(({ backend }) => fitsFilter(backend, rows.get(backend.id)?.health ?? "unknown", filter));
  const shown = listed.slice(0, shownMax);
  return (
    <Panel
      title="Backends"
      meta={metaOf(live)}
      actions={
        <>
          {farm.backends.length < filterFrom ? null : (
            <BackendFilter value={filter} onChange={setFilter} shown={listed.length} all={farm.backends.length} />
          )}
          <Link className="link whitespace-nowrap" href={`/farms/${farm.id}/weights`}>
            Edit weights
          </Link>
        </>
      }
    >
      <DataTable label={`Backends of ${farm.name}`} isLost={isLost}>
        <thead>
          <tr>
            <Th>State</Th>
            <Th>Backend</Th>
            <Th className={wider}>Address</Th>
            <Th num className={wide}>
              Weight
            </Th>
            <Th num className={wider}>
              Planned, %
            </Th>
            <Th num className={wide}>
              Observed, %
            </Th>
            <Th num className={wide}>
              New conn/s
            </Th>
            <Th num className={wide}>
              Active
            </Th>
            <Th num className={wider}>
              Mbit/s in
            </Th>
            <Th num className={wider}>
              out
            </Th>
            <Th num className={wider}>
              Connect p95, ms
            </Th>
            <Th num className={wider}>
              Last check
            </Th>
            {control === null ? null : (
              <Th className="stick-end">
                <span className="sr-only">Actions</span>
              </Th>
            )}
          </tr>
        </thead>
        <BackendRows
          farmId={farm.id}
          shown={shown}
          rows={rows}
          isLost={isLost}
          hasSticky={farm.persistence !== null}
          control={control}
        />
        <BackendFoot farm={farm} live={live} hasActions={control !== null} />
      </DataTable>
      {listed.length > 0 ? null : (
        <EmptyState
          title="No backend fits the filter"
          action={<Button onClick={() => setFilter("")}>Clear filter</Button>}
        />
      )}
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
