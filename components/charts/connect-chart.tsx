import { useMemo } from "react";
import { formatMs } from "@/components/ui/numbers.ts";
import type { ConnectTime } from "@/server/core/metrics/live.ts";
import { Chart } from "./chart.tsx";
import { maxOf, maxWithNow, type Times, timesData } from "./chart-data.ts";
import type { FarmChartProps } from "./farm-chart-props.ts";
import { timesNow } from "./now-values.ts";
import { samplesMin, type TimeSource, timesSummary } from "./summaries.ts";

const msTick = (value: number): string => String(Number(value.toPrecision(3)));

/** What an axis reaches at least: noise of a few microseconds must not fill it, and a probe takes longer than the kernel's own stamps. */
const heads = {
  probe: { title: "Connect time", unit: "ms, TCP probe, rolling minute", file: "connect-time", floorMaxMs: 0.4 },
  traffic: {
    title: "Open time",
    unit: "ms, real traffic, SYN to SYN-ACK, rolling minute",
    file: "open-time",
    floorMaxMs: 0.1,
  },
} as const;

type ConnectChartProps = Omit<FarmChartProps, "live"> & {
  readonly source: TimeSource;
  readonly times: Times | undefined;
  /** of the last minute; null = not known */
  readonly now: ConnectTime | null;
  /** why nothing is measured; null = it is */
  readonly missing: string | null;
};

/** How long a connection takes to open: by the probes, or of the clients themselves. The head says which of the two. */
export function ConnectChart(props: ConnectChartProps) {
  const { series, source, times, now, missing, isLost, marks, before, fileName } = props;
  const data = useMemo(() => timesData(series, times), [series, times]);
  const isFew = now !== null && now.samples < samplesMin;
  const p95 = now?.p95Ms ?? null;
  const max = maxWithNow(maxOf({ ...data, series: data.series.filter((each) => each.mark === "p95") }, false), p95);
  const detail = [
    `p95 ${isLost ? "last known" : "now"}`,
    isFew ? "few samples" : `max ${max === null ? "-" : formatMs(max)}`,
    ...(now?.oneIn === undefined ? [] : [`one of ${now.oneIn} measured`]),
  ];
  const { title, unit, file, floorMaxMs } = heads[source];
  return (
    <Chart
      title={title}
      unit={unit}
      now={{
        label: missing === null ? "p95" : undefined,
        value: missing !== null ? "not measured" : p95 === null ? "-" : formatMs(p95),
        detail: missing === null ? detail.join(", ") : "",
      }}
      summary={missing ?? timesSummary(source, now, data)}
      nowValues={timesNow(now)}
      data={data}
      before={missing === null ? before : null}
      kind="lines"
      floorMax={floorMaxMs}
      format={formatMs}
      formatTick={msTick}
      marks={marks}
      dotsOnly={isFew}
      fileName={`${fileName}-${file}`}
    />
  );
}
