"use client";

import { useMemo } from "react";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useEvents, useFarmLive, useFreshness } from "@/components/live/use-live.ts";
import { Note } from "@/components/ui/note.tsx";
import { formatCount, formatRate } from "@/components/ui/numbers.ts";
import type { FarmSeries } from "@/server/core/metrics/live.ts";
import { Chart } from "./chart.tsx";
import { ranges, useChartClock } from "./chart-clock.tsx";
import type { BackendName } from "./chart-data.ts";
import { backendData, gapsOf, maxOf, withSilence } from "./chart-data.ts";
import { ChartsWaiting } from "./charts-waiting.tsx";
import { ConnectChart } from "./connect-chart.tsx";
import { EventList } from "./event-list.tsx";
import { marksOf } from "./event-marks.ts";
import type { FarmChartProps } from "./farm-chart-props.ts";
import { ShareChart } from "./share-chart.tsx";
import { trafficSummary } from "./summaries.ts";
import { useFarmSeries } from "./use-farm-series.ts";

type FarmChartsProps = {
  readonly farmId: string;
  readonly farmName: string;
  readonly backends: readonly BackendName[];
  /** false: there is no connect probe for this protocol */
  readonly isProbed: boolean;
};

/** The four charts of a farm, with one range, one cursor and one pause. */
export function FarmCharts(props: FarmChartsProps) {
  const { rangeS } = useChartClock();
  const { series: known, problem, isOut } = useFarmSeries(props.farmId, rangeS);
  if (problem !== null) return <Note tone="bad">{problem}</Note>;
  if (isOut) return <Note tone="lost">The history is kept by the agent, which does not answer now.</Note>;
  if (known === null) return <ChartsWaiting />;
  return <Drawn {...props} known={known} rangeS={rangeS} />;
}

type DrawnProps = FarmChartsProps & { readonly known: FarmSeries; readonly rangeS: number };

/** Rows and history arrive one after the other: what is drawn from one of them is not computed again for the other. */
function Drawn({ farmId, farmName, backends, isProbed, known, rangeS }: DrawnProps) {
  const { state, ageS } = useFreshness();
  const live = useFarmLive(farmId);
  const events = useEvents();
  const isLost = isNotKnown(state);
  const silenceMs = isLost ? (ageS ?? 0) * 1000 : 0;
  const series = useMemo(() => withSilence(known, silenceMs), [known, silenceMs]);
  const marks = useMemo(() => marksOf(events, farmId, series.fromMs, series.toMs), [events, farmId, series]);
  const shared = { marks, series, live, isLost, fileName: farmName };
  const gaps = gapsOf(backendData(series, backends, "newPerS"));
  const range = ranges.find((each) => each.seconds === rangeS)?.words ?? "";
  return (
    <>
      <EventList farmId={farmId} marks={marks} gaps={gaps} />
      <div className="grid grid-cols-2 gap-3 max-[1100px]:grid-cols-1 *:min-w-0">
        <TrafficChart {...shared} backends={backends} field="newPerS" range={range} />
        <TrafficChart {...shared} backends={backends} field="active" range={range} />
        <ConnectChart {...shared} isProbed={isProbed} />
        <ShareChart {...shared} backends={backends} />
      </div>
    </>
  );
}

type TrafficProps = FarmChartProps & {
  readonly backends: readonly BackendName[];
  readonly field: "newPerS" | "active";
  readonly range: string;
};

function TrafficChart({ series, live, isLost, backends, field, range, marks, fileName }: TrafficProps) {
  const data = useMemo(() => backendData(series, backends, field), [series, backends, field]);
  const isRate = field === "newPerS";
  const format = isRate ? formatRate : formatCount;
  const max = maxOf(data, true);
  const now = live === null ? null : isRate ? live.newPerS : live.active;
  return (
    <Chart
      title={isRate ? "New connections" : "Active connections"}
      unit={isRate ? "conn/s" : "connections"}
      now={{
        value: now === null ? "-" : format(now),
        detail: `${isLost ? "last known" : "now"}, max ${max === null ? "-" : format(max)}`,
      }}
      summary={trafficSummary(data, isRate ? "new connections" : "connections", range, isLost)}
      data={data}
      kind="stack"
      floorMax={isRate ? 4 : 4}
      format={format}
      formatTick={formatCount}
      marks={marks}
      fileName={`${fileName}-${isRate ? "new-connections" : "active-connections"}`}
    />
  );
}
