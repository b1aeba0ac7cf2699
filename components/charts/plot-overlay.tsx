"use client";

import type { KeyboardEvent, PointerEvent } from "react";
import type { ChartData } from "./chart-data.ts";
import { indexAt } from "./chart-data.ts";
import { MarkSign } from "./event-list.tsx";
import { type EventMark, marksApart } from "./event-marks.ts";
import type { Gap } from "./gaps.ts";
import { momentText } from "./moment.ts";
import { momentAt, percentOf, plotBox } from "./plot-box.ts";
import { PlotTip, valueText } from "./plot-tip.tsx";

type PlotOverlayProps = {
  readonly label: string;
  readonly unit: string;
  readonly data: ChartData;
  readonly cursorMs: number | null;
  readonly showTip: boolean;
  readonly isStacked: boolean;
  readonly format: (value: number) => string;
  readonly marks: readonly EventMark[];
  readonly gaps: readonly Gap[];
  readonly onCursor: (ms: number | null) => void;
  readonly onHold: (isHeld: boolean) => void;
};

/**
 * Pointer and keyboard over the drawing: the cursor is a slider in time. It stays as long as pointer or focus do, since the
 * data under it are held; Escape takes it away.
 */
export function PlotOverlay(props: PlotOverlayProps) {
  const { label, data, cursorMs, showTip, marks, onCursor, onHold, format } = props;
  const index = cursorMs === null ? -1 : indexAt(data, cursorMs);
  const at = data.atMs[index] ?? null;

  function point(event: PointerEvent<HTMLElement>): void {
    const box = event.currentTarget.getBoundingClientRect();
    const nearest = data.atMs[indexAt(data, momentAt(data, event.clientX - box.left, box.width))];
    onCursor(nearest ?? null);
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Escape") onCursor(null);
    const next = keyIndex(event.key, index < 0 ? data.atMs.length - 1 : index, data.atMs.length);
    if (next === null) return;
    event.preventDefault();
    onCursor(data.atMs[next] ?? null);
  }
  return (
    <div
      className="absolute inset-y-0"
      style={{ left: plotBox.yAxisPx, right: plotBox.margin.right, bottom: plotBox.axisPx }}
    >
      {props.gaps.map((gap) => (
        <GapText key={gap.fromMs} gap={gap} data={data} />
      ))}
      {marksApart(marks, (atMs) => percentOf(data, atMs)).map((mark) => (
        <span
          key={mark.key}
          aria-hidden
          className="pointer-events-none absolute top-0 -translate-x-1/2 rounded-1 bg-surface shadow-[0_0_0_2px_var(--surface)]"
          style={{ left: `${percentOf(data, mark.atMs)}%` }}
        >
          <MarkSign glyph={mark.glyph} />
        </span>
      ))}
      <div
        role="slider"
        tabIndex={0}
        aria-label={`${label}, moment`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, data.atMs.length - 1)}
        aria-valuenow={index < 0 ? Math.max(0, data.atMs.length - 1) : index}
        aria-valuetext={spoken(data, index < 0 ? data.atMs.length - 1 : index, format)}
        className="absolute inset-x-0 top-3.5 bottom-0 cursor-crosshair"
        onPointerMove={point}
        onPointerDown={point}
        onPointerEnter={() => onHold(true)}
        onPointerLeave={(event) => {
          if (document.activeElement === event.currentTarget) return;
          onHold(false);
          onCursor(null);
        }}
        onFocus={() => onHold(true)}
        onBlur={() => {
          onHold(false);
          onCursor(null);
        }}
        onKeyDown={onKeyDown}
      />
      {at === null ? null : (
        <span
          aria-hidden
          className="pointer-events-none absolute top-full mt-1 -translate-x-1/2 rounded-1 bg-ink px-1.5 text-micro font-medium text-ink-inverse"
          style={{ left: `${percentOf(data, at)}%` }}
        >
          {momentText(at, data)}
        </span>
      )}
      {showTip && at !== null ? (
        <PlotTip data={data} index={index} at={at} unit={props.unit} isStacked={props.isStacked} format={format} />
      ) : null}
    </div>
  );
}

/** Why nothing is drawn here; a gap without a reason is hatched only. The list of events says it in full. */
function GapText({ gap, data }: { readonly gap: Gap; readonly data: ChartData }) {
  if (gap.text === undefined) return null;
  const from = percentOf(data, gap.fromMs);
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute inset-y-0 flex items-center justify-center overflow-hidden px-1"
      style={{ left: `${from}%`, width: `${percentOf(data, gap.toMs) - from}%` }}
    >
      <span className="rounded-1 bg-surface px-1.5 text-center text-micro text-ink-2">{gap.text}</span>
    </span>
  );
}

function spoken(data: ChartData, index: number, format: (value: number) => string): string {
  const at = data.atMs[index];
  if (at === undefined) return "no values yet";
  const values = data.series.map((each) => `${each.label} ${valueText(each.values[index] ?? null, format)}`);
  return `${momentText(at, data)}: ${values.join(", ")}`;
}

function keyIndex(key: string, index: number, count: number): number | null {
  if (key === "ArrowLeft") return Math.max(0, index - 1);
  if (key === "ArrowRight") return Math.min(count - 1, index + 1);
  if (key === "PageDown") return Math.max(0, index - 10);
  if (key === "PageUp") return Math.min(count - 1, index + 10);
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return null;
}
