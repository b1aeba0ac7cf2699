import { useMemo } from "react";
import { formatMs } from "@/components/ui/numbers.ts";
import { Chart } from "./chart.tsx";
import { connectData, maxOf } from "./chart-data.ts";
import type { FarmChartProps } from "./farm-chart-props.ts";
import { connectSummary, samplesMin } from "./summaries.ts";

const msTick = (value: number): string => String(Number(value.toPrecision(3)));

export function ConnectChart({
  series,
  live,
  isLost,
  isProbed,
  marks,
  fileName,
}: FarmChartProps & { readonly isProbed: boolean }) {
  const data = useMemo(() => connectData(series), [series]);
  const connect = live?.connect ?? null;
  const max = maxOf({ ...data, series: data.series.filter((each) => each.mark === "p95") }, false);
  const isFew = connect !== null && connect.samples < samplesMin;
  const when = isLost ? "last known" : "now";
  const p95 = connect?.p95Ms ?? null;
  return (
    <Chart
      title="Connect time"
      unit="ms, TCP probe, rolling minute"
      now={{
        value: !isProbed ? "not measured" : p95 === null ? "-" : formatMs(p95),
        detail: !isProbed
          ? ""
          : isFew
            ? `p95 ${when}, few samples`
            : `p95 ${when}, max ${max === null ? "-" : formatMs(max)}`,
      }}
      summary={
        isProbed
          ? connectSummary(connect, data)
          : "There is no connect probe for this protocol: latency is not measured."
      }
      data={data}
      kind="lines"
      floorMax={0.4}
      format={formatMs}
      formatTick={msTick}
      marks={marks}
      dotsOnly={isFew}
      fileName={`${fileName}-connect-time`}
    />
  );
}
