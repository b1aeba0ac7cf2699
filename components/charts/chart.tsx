"use client";

import { useMemo, useState } from "react";
import { saveCsv } from "@/components/ui/csv.ts";
import { formatShare } from "@/components/ui/numbers.ts";
import { useChartClock } from "./chart-clock.tsx";
import type { ChartData } from "./chart-data.ts";
import { csvOf, indexAt, lastKnownIndex, maxOf } from "./chart-data.ts";
import type { ChartNow } from "./chart-head.tsx";
import { ChartHead } from "./chart-head.tsx";
import { ChartTable } from "./chart-table.tsx";
import type { EventMark } from "./event-marks.ts";
import type { Gap } from "./gaps.ts";
import { gapsOf } from "./gaps.ts";
import { Legend } from "./legend.tsx";
import type { NowValues } from "./now-values.ts";
import type { Band } from "./plot.tsx";
import { Plot } from "./plot.tsx";
import { PlotOverlay } from "./plot-overlay.tsx";
import { useHeld } from "./use-held.ts";

export type ChartProps = {
  readonly title: string;
  /** after the title: unit, and what was measured how */
  readonly unit: string;
  readonly now: ChartNow;
  /** what the legend shows without a cursor: the values of which head and sentence speak */
  readonly nowValues: NowValues;
  readonly summary: string;
  readonly data: ChartData;
  readonly before: Gap | null;
  readonly kind: "stack" | "lines";
  readonly floorMax: number;
  readonly format: (value: number) => string;
  readonly formatTick: (value: number) => string;
  readonly marks: readonly EventMark[];
  readonly bands?: readonly Band[];
  readonly dotsOnly?: boolean;
  /** name of the CSV file, without its ending */
  readonly fileName: string;
};

/** One chart: what it is, now, range maximum, values at the cursor, one sentence, the same as a table and as CSV. */
export function Chart(props: ChartProps) {
  const { title, unit, now, summary, kind, format, marks } = props;
  const { isPaused, cursorMs, setCursor } = useChartClock();
  const [isInspected, setInspected] = useState(false);
  const [isTable, setTable] = useState(false);
  const latest = { data: props.data, bands: props.bands, before: props.before, toMs: props.data.toMs };
  const { shown, newS } = useHeld(latest, isPaused || isInspected || isTable);
  const { data } = shown;
  const max = useMemo(() => maxWithBands(maxOf(data, kind === "stack"), shown.bands), [data, kind, shown.bands]);
  const gaps = useMemo(() => [...(shown.before === null ? [] : [shown.before]), ...gapsOf(data)], [data, shown.before]);
  const isInside = cursorMs !== null && cursorMs >= data.fromMs && cursorMs <= data.toMs;
  const cursor = isInside ? cursorMs : null;
  const inRange = useMemo(
    () => marks.filter((mark) => mark.atMs >= data.fromMs && mark.atMs <= data.toMs),
    [marks, data],
  );
  const markTimes = useMemo(() => inRange.map((mark) => mark.atMs), [inRange]);
  return (
    <figure className="min-w-0 rounded-3 border border-line bg-surface px-3.5 py-2.5" aria-label={title}>
      <ChartHead title={title} unit={unit} now={now} newS={newS} />
      <Legend
        data={data}
        index={cursor === null ? lastKnownIndex(data) : indexAt(data, cursor)}
        now={cursor === null && newS === null ? props.nowValues : null}
        format={format}
        isLine={kind === "lines"}
      />
      <div className="plot">
        <Plot
          data={data}
          kind={kind}
          bands={shown.bands}
          max={max}
          floorMax={props.floorMax}
          formatTick={props.formatTick}
          gaps={gaps}
          markTimes={markTimes}
          cursorMs={cursor}
          dotsOnly={props.dotsOnly}
        />
        <PlotOverlay
          label={title}
          unit={unit.split(",")[0] ?? ""}
          data={data}
          cursorMs={cursor}
          showTip={isInspected}
          isStacked={kind === "stack"}
          format={format}
          marks={inRange}
          gaps={gaps}
          onCursor={setCursor}
          onHold={setInspected}
        />
      </div>
      <div className="mt-1.5 grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-3 border-t border-line pt-1 text-small text-ink-2">
        <p className="min-w-0 pt-1">{summary}</p>
        <div className="flex gap-3">
          <button type="button" className="link min-h-6" onClick={() => setTable(true)}>
            Table<span className="sr-only"> of {title}</span>
          </button>
          <button type="button" className="link min-h-6" onClick={() => saveCsv(props.fileName, csvOf(data))}>
            CSV<span className="sr-only"> of {title}</span>
          </button>
        </div>
      </div>
      <ChartTable
        open={isTable}
        onClose={() => setTable(false)}
        title={`${title}, ${unit}`}
        data={data}
        format={format}
      />
    </figure>
  );
}

/** A band may reach above every line. */
function maxWithBands(max: number | null, bands: readonly Band[] = []): number | null {
  const tops = bands.flatMap((band) => band.values.map((edges) => edges?.[1] ?? 0));
  return tops.length === 0 ? max : Math.max(max ?? 0, ...tops);
}

export const percentTick = (value: number): string => formatShare(value).replace(/\.0$/, "");
