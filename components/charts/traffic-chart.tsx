import { useMemo } from "react";
import { formatCount, formatRate } from "@/components/ui/numbers.ts";
import { Chart } from "./chart.tsx";
import type { BackendName } from "./chart-data.ts";
import { backendData, maxOf, maxWithNow } from "./chart-data.ts";
import type { FarmChartProps } from "./farm-chart-props.ts";
import { backendNow } from "./now-values.ts";
import { trafficSummary } from "./summaries.ts";

type TrafficProps = FarmChartProps & {
  readonly backends: readonly BackendName[];
  readonly field: "newPerS" | "active";
  readonly range: string;
};

/** New or active connections, stacked by backend. */
export function TrafficChart({ series, live, isLost, backends, field, range, marks, before, fileName }: TrafficProps) {
  const data = useMemo(() => backendData(series, backends, field), [series, backends, field]);
  const isRate = field === "newPerS";
  const format = isRate ? formatRate : formatCount;
  const now = live?.[field] ?? null;
  const max = maxWithNow(maxOf(data, true), now);
  const nowValues = backendNow(live, backends, (row) => row[field]);
  const unit = isRate ? "new connections" : "connections";
  return (
    <Chart
      title={isRate ? "New connections" : "Active connections"}
      unit={isRate ? "conn/s" : "connections"}
      now={{
        value: now === null ? "-" : format(now),
        detail: `${isLost ? "last known" : "now"}, max ${max === null ? "-" : format(max)}`,
      }}
      nowValues={nowValues}
      summary={trafficSummary({ data, now, nowValues, unit, range, sinceMs: before?.toMs ?? null, isLost, format })}
      data={data}
      before={before}
      kind="stack"
      floorMax={4}
      format={format}
      formatTick={formatCount}
      marks={marks}
      fileName={`${fileName}-${isRate ? "new-connections" : "active-connections"}`}
    />
  );
}
