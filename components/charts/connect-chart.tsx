import { useMemo } from "react";
import { formatMs } from "@/components/ui/numbers.ts";
import { Chart } from "./chart.tsx";
import { connectData, maxOf, maxWithNow } from "./chart-data.ts";
import type { FarmChartProps } from "./farm-chart-props.ts";
import { connectNow } from "./now-values.ts";
import { connectSummary, samplesMin } from "./summaries.ts";

const msTick = (value: number): string => String(Number(value.toPrecision(3)));

export function ConnectChart({
  series,
  live,
  isLost,
  isProbed,
  marks,
  before,
  fileName,
}: FarmChartProps & { readonly isProbed: boolean }) {
  const data = useMemo(() => connectData(series), [series]);
  const connect = live?.connect ?? null;
  const real = live?.traffic?.p95Ms ?? null;
  const realText = real === null ? "" : `p95 from real traffic ${formatMs(real)}`;
  const isFew = connect !== null && connect.samples < samplesMin;
  const when = isLost ? "last known" : "now";
  const p95 = connect?.p95Ms ?? null;
  const max = maxWithNow(maxOf({ ...data, series: data.series.filter((each) => each.mark === "p95") }, false), p95);
  return (
    <Chart
      title="Connect time"
      unit="ms, TCP probe, rolling minute"
      now={{
        label: isProbed ? "p95" : undefined,
        value: !isProbed ? "not measured" : p95 === null ? "-" : formatMs(p95),
        detail: !isProbed
          ? realText
          : [`p95 ${when}`, isFew ? "few samples" : `max ${max === null ? "-" : formatMs(max)}`, realText]
              .filter((part) => part !== "")
              .join(", "),
      }}
      summary={
        isProbed
          ? connectSummary(connect, data)
          : "There is no connect probe for this protocol: latency is not measured."
      }
      nowValues={connectNow(connect)}
      data={data}
      before={isProbed ? before : null}
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
