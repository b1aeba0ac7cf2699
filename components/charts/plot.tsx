"use client";

import { memo, useId } from "react";
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from "recharts";
import { type ChartData, stackEdges } from "./chart-data.ts";
import type { Gap } from "./gaps.ts";
import { HatchPatterns } from "./hatch-patterns.tsx";
import { tickText } from "./moment.ts";
import { plotBox } from "./plot-box.ts";
import { scaleFor, timeTicks } from "./scale.ts";
import { styleOf } from "./series-style.ts";

export type Band = { readonly seriesKey: string; readonly values: readonly (readonly [number, number] | null)[] };

type PlotProps = {
  readonly data: ChartData;
  readonly kind: "stack" | "lines";
  readonly max: number | null;
  /** the axis reaches at least here */
  readonly floorMax: number;
  readonly formatTick: (value: number) => string;
  readonly gaps: readonly Gap[];
  readonly markTimes: readonly number[];
  readonly cursorMs: number | null;
  readonly bands?: readonly Band[];
  /** too few samples: points instead of a line that would claim more */
  readonly dotsOnly?: boolean;
};

const noBands: readonly Band[] = [];
type Row = { at: number } & Record<string, number | readonly [number, number] | null>;

/** Only the drawing: Recharts without animation, tooltip or own keyboard layer; those stand over it (plot-overlay). */
export const Plot = memo(function Plot(props: PlotProps) {
  const { data, kind, max, floorMax, formatTick, gaps, markTimes, cursorMs, bands = noBands, dotsOnly = false } = props;
  const prefix = `${useId().replaceAll(/[^a-z0-9]/gi, "")}-`;
  const scale = scaleFor(max, floorMax);
  const styles = data.series.map(styleOf);
  const rows = toRows(data, kind, bands);
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 480, height: 172 }}>
      <ComposedChart data={rows} margin={plotBox.margin} accessibilityLayer={false}>
        <defs>
          <HatchPatterns prefix={prefix} styles={styles} />
        </defs>
        <CartesianGrid vertical={false} stroke="var(--grid)" />
        <XAxis
          dataKey="at"
          type="number"
          domain={[data.fromMs, data.toMs]}
          allowDataOverflow
          ticks={timeTicks(data.fromMs, data.toMs, -new Date(data.toMs).getTimezoneOffset() * 60_000)}
          tickFormatter={(at: number) => tickText(at, data)}
          tickLine={false}
          axisLine={{ stroke: "var(--line-strong)" }}
          height={plotBox.axisPx}
          minTickGap={24}
        />
        <YAxis
          domain={[0, scale.max]}
          ticks={scale.ticks}
          tickFormatter={formatTick}
          width={plotBox.yAxisPx}
          axisLine={false}
          tickLine={false}
          interval={0}
        />
        {bands.map((band) => (
          <Area
            key={`band-${band.seriesKey}`}
            dataKey={`band-${band.seriesKey}`}
            fill={styleFor(data, band.seriesKey)}
            fillOpacity={0.16}
            stroke="none"
            isAnimationActive={false}
            connectNulls={false}
            activeDot={false}
          />
        ))}
        {data.series.map((series, index) =>
          kind === "stack" ? (
            <Area
              key={series.key}
              dataKey={series.key}
              fill={`url(#${prefix}${styles[index]?.id})`}
              fillOpacity={1}
              stroke="var(--surface)"
              strokeWidth={1}
              isAnimationActive={false}
              connectNulls={false}
              activeDot={false}
            />
          ) : (
            <Line
              key={series.key}
              dataKey={series.key}
              stroke={dotsOnly ? "none" : styles[index]?.colour}
              strokeWidth={1.6}
              strokeDasharray={styles[index]?.dash}
              dot={dotsOnly ? { r: 1.6, fill: styles[index]?.colour, stroke: "none" } : false}
              isAnimationActive={false}
              connectNulls={false}
              activeDot={false}
            />
          ),
        )}
        {gaps.map((gap) => (
          <ReferenceArea
            key={gap.fromMs}
            x1={gap.fromMs}
            x2={gap.toMs}
            fill={`url(#${prefix}gap)`}
            fillOpacity={1}
            stroke="var(--line-strong)"
          />
        ))}
        {markTimes.map((at) => (
          <ReferenceLine key={at} x={at} stroke="var(--ink-3)" strokeDasharray="3 3" />
        ))}
        {cursorMs === null ? null : <ReferenceLine x={cursorMs} stroke="var(--ink)" />}
      </ComposedChart>
    </ResponsiveContainer>
  );
});

function toRows(data: ChartData, kind: "stack" | "lines", bands: readonly Band[]): Row[] {
  const edges = kind === "stack" ? stackEdges(data) : null;
  return data.atMs.map((at, index) => {
    const row: Row = { at };
    for (const [place, series] of data.series.entries())
      row[series.key] = edges === null ? (series.values[index] ?? null) : (edges[place]?.[index] ?? null);
    for (const band of bands) row[`band-${band.seriesKey}`] = band.values[index] ?? null;
    return row;
  });
}

function styleFor(data: ChartData, key: string): string {
  const series = data.series.find((each) => each.key === key);
  return series === undefined ? "none" : styleOf(series).colour;
}
