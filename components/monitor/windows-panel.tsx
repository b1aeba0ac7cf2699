"use client";

import Link from "next/link";
import { Button } from "@/components/ui/button.tsx";
import { DataTable, Th } from "@/components/ui/data-table.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { StatusText } from "@/components/ui/status-text.tsx";
import type { WindowPhase } from "@/server/core/farm/window-times.ts";
import type { ListedWindow } from "./window-model.ts";

type WindowsPanelProps = {
  readonly listed: readonly ListedWindow[];
  /** the farm is known from around it */
  readonly hidesFarm?: boolean;
  /** null = may only read */
  readonly onRemove: ((listed: ListedWindow) => void) | null;
  readonly onPlan: (() => void) | null;
  /** where one is planned, when not here; null = may only read */
  readonly planHref?: string | null;
  readonly blocked: string | null;
};

const phaseTexts: Record<WindowPhase, string> = { current: "Open", planned: "Planned", past: "Over" };

/** Planned, open, and over until the farm is written the next time. */
export function WindowsPanel({
  listed,
  hidesFarm = false,
  onRemove,
  onPlan,
  planHref = null,
  blocked,
}: WindowsPanelProps) {
  return (
    <Panel
      title="Maintenance windows"
      meta="backends leave and come back on time"
      actions={
        onPlan !== null ? (
          <Button disabledReason={blocked} onClick={onPlan}>
            Plan maintenance
          </Button>
        ) : planHref === null ? undefined : (
          <Link className="link" href={planHref}>
            Plan on the monitor page
          </Link>
        )
      }
    >
      {listed.length === 0 ? (
        <EmptyState title="None is planned">
          {hidesFarm || onPlan === null
            ? "Backends can be taken out for a time; they come back on time."
            : "Tick backends above, or plan one for a whole farm."}
        </EmptyState>
      ) : (
        <DataTable label="Maintenance windows">
          <thead>
            <tr>
              <Th>State</Th>
              {hidesFarm ? null : <Th>Farm</Th>}
              <Th>Backend</Th>
              <Th>From</Th>
              <Th>Until</Th>
              <Th>Why</Th>
              {onRemove === null ? null : (
                <Th>
                  <span className="sr-only">Actions</span>
                </Th>
              )}
            </tr>
          </thead>
          <tbody>
            {listed.map((each) => (
              <WindowRow key={each.key} listed={each} hidesFarm={hidesFarm} onRemove={onRemove} blocked={blocked} />
            ))}
          </tbody>
        </DataTable>
      )}
    </Panel>
  );
}

type WindowRowProps = Pick<WindowsPanelProps, "onRemove" | "blocked"> & {
  readonly listed: ListedWindow;
  readonly hidesFarm: boolean;
};

function WindowRow({ listed, hidesFarm, onRemove, blocked }: WindowRowProps) {
  const { farm, window, phase } = listed;
  const who = window.backend ?? "all backends";
  const verb = phase === "current" ? "End now" : "Remove";
  return (
    <tr>
      <td>
        {phase === "current" ? (
          <StatusText kind="stopped">Open</StatusText>
        ) : (
          <span className={phase === "past" ? "text-ink-3" : ""}>{phaseTexts[phase]}</span>
        )}
      </td>
      {hidesFarm ? null : (
        <td>
          <Link href={`/farms/${farm.id}`} className="name rounded-1 hover:text-accent">
            {farm.name}
          </Link>
        </td>
      )}
      <th scope="row" className="font-medium">
        <span className="name">{who}</span>
      </th>
      <td>
        <LocalTime withDate atMs={Date.parse(window.startsAt)} />
      </td>
      <td>
        <LocalTime withDate atMs={Date.parse(window.endsAt)} />
      </td>
      <td className="text-ink-2">{window.note}</td>
      {onRemove === null ? null : (
        <td className="num">
          <Button
            variant="quiet"
            disabledReason={blocked}
            aria-label={`${verb}: ${who} of ${farm.name}`}
            onClick={() => onRemove(listed)}
          >
            {verb}
          </Button>
        </td>
      )}
    </tr>
  );
}
