import clsx from "clsx";
import { useState } from "react";
import { saveCsv } from "@/components/ui/csv.ts";
import { DataTable, NumberCell, Th } from "@/components/ui/data-table.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { formatClock, formatCount } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import type { Beat } from "@/server/core/metrics/backend-monitor.ts";
import { type BeatKind, beatKind, beatsCsv, beatsSummary, beatText, newestFirst, wholeStrip } from "./monitor-words.ts";

/** Height tells as much as colour: trouble stands higher than all is well. */
const looks: Record<BeatKind, string> = {
  none: "h-1 bg-beat-none",
  up: "h-4 bg-beat-up",
  some: "h-6 bg-st-degraded",
  degraded: "h-6 bg-st-degraded",
  down: "h-8 bg-st-down",
};

type HeartbeatProps = {
  readonly beats: readonly Beat[];
  /** said in place of the summary while nothing was read; null = the beats are known */
  readonly absent: string | null;
  readonly nowMs: number;
  readonly fileName: string;
};

/** Two hours, a minute a cell. The slider over it gives each minute to keys, touch and screen readers. */
export function Heartbeat({ beats, absent, nowMs, fileName }: HeartbeatProps) {
  const strip = wholeStrip(beats, nowMs);
  const [chosenMs, setChosen] = useState<number | null>(null);
  const [isTable, setTable] = useState(false);
  const found = strip.findIndex(({ atMs }) => atMs === chosenMs);
  const at = found < 0 ? strip.length - 1 : found;
  const beat = strip[at];
  return (
    <Panel
      title="Heartbeat"
      meta="2 hours, a minute each"
      actions={
        <span className="flex gap-3 pr-1.5 text-small">
          <button type="button" className="link min-h-6" onClick={() => setTable(true)}>
            Table<span className="sr-only"> of the heartbeat</span>
          </button>
          <button
            type="button"
            className="link min-h-6"
            onClick={() => saveCsv(`${fileName}-heartbeat`, beatsCsv(strip))}
          >
            CSV<span className="sr-only"> of the heartbeat</span>
          </button>
        </span>
      }
      padded
    >
      <div className="relative rounded-1 has-[:focus-visible]:shadow-(--focus)">
        <div aria-hidden className="flex h-9 items-end gap-px max-md:gap-0 forced-color-adjust-none">
          {strip.map((each, index) => (
            <span
              key={each.atMs}
              className={clsx(
                "min-w-0 flex-1 rounded-[1px]",
                looks[beatKind(each)],
                chosenMs !== null && index === at && "shadow-[0_3px_0_var(--ink)]",
              )}
            />
          ))}
        </div>
        <input
          type="range"
          min={0}
          max={strip.length - 1}
          value={at}
          aria-label="Minute of the heartbeat"
          aria-valuetext={absent ?? (beat === undefined ? "" : beatText(beat))}
          onChange={(event) => setChosen(strip[Number(event.target.value)]?.atMs ?? null)}
          className="absolute inset-0 m-0 size-full cursor-crosshair opacity-0"
        />
      </div>
      <div className="mt-2 flex flex-wrap justify-between gap-x-4 gap-y-0.5 text-small">
        <span className="text-ink-2">{absent ?? beatsSummary(strip)}</span>
        <span className="text-ink-3">{beat === undefined || absent !== null ? "" : beatText(beat)}</span>
      </div>
      <BeatTable open={isTable} onClose={() => setTable(false)} strip={strip} />
    </Panel>
  );
}

type BeatTableProps = { readonly open: boolean; readonly onClose: () => void; readonly strip: readonly Beat[] };

const kindWords: Record<BeatKind, string> = {
  none: "no checks",
  up: "Up",
  some: "Up, with failures",
  degraded: "Degraded",
  down: "Down",
};

function BeatTable({ open, onClose, strip }: BeatTableProps) {
  return (
    <Dialog open={open} onClose={onClose} title="Heartbeat, a minute each">
      <DataTable label="Heartbeat">
        <thead>
          <tr>
            <Th>Minute</Th>
            <Th>State</Th>
            <Th num>Good</Th>
            <Th num>Failed</Th>
          </tr>
        </thead>
        <tbody>
          {newestFirst(strip).map((beat) => (
            <tr key={beat.atMs}>
              <td>{formatClock(beat.atMs).slice(0, 5)}</td>
              <td>{kindWords[beatKind(beat)]}</td>
              <NumberCell value={beat.good} format={formatCount} />
              <NumberCell value={beat.bad} format={formatCount} />
            </tr>
          ))}
        </tbody>
      </DataTable>
    </Dialog>
  );
}
