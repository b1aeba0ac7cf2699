"use client";

import { useMemo } from "react";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useAgentState, useFarmLive, useFreshness } from "@/components/live/use-live.ts";
import { Note } from "@/components/ui/note.tsx";
import type { Farm } from "@/server/core/farm/types.ts";
import { type FarmSeries, notTracked } from "@/server/core/metrics/live.ts";
import { ranges, useChartClock } from "./chart-clock.tsx";
import type { BackendName } from "./chart-data.ts";
import { backendData, withSilence } from "./chart-data.ts";
import { ChartsWaiting } from "./charts-waiting.tsx";
import { ConnectChart } from "./connect-chart.tsx";
import { EventList } from "./event-list.tsx";
import { marksOf } from "./event-marks.ts";
import { gapsOf, silenceBefore } from "./gaps.ts";
import { HistoryOut } from "./history-out.tsx";
import { missingProbe, missingTraffic } from "./missing-times.ts";
import { isLong } from "./moment.ts";
import { ShareChart } from "./share-chart.tsx";
import { TrafficChart } from "./traffic-chart.tsx";
import { useFarmSeries } from "./use-farm-series.ts";
import { useRangeEvents } from "./use-range-events.ts";

type FarmChartsProps = {
  readonly farmId: string;
  readonly farmName: string;
  readonly backends: readonly BackendName[];
  readonly protocol: Farm["protocol"];
  /** false: connections are not the kernel's, and none is counted */
  readonly isTracked: boolean;
  /** the farm exists since then; null = not known */
  readonly sinceMs: number | null;
};

/** The charts of a farm, with one range, one cursor and one pause. */
export function FarmCharts(props: FarmChartsProps) {
  const { rangeS } = useChartClock();
  const { series: known, problem, isOut } = useFarmSeries(props.farmId, rangeS);
  if (problem !== null) return <Note tone="bad">{problem}</Note>;
  if (isOut) return <HistoryOut />;
  if (known === null) return <ChartsWaiting />;
  return <Drawn {...props} known={known} rangeS={rangeS} />;
}

type DrawnProps = FarmChartsProps & { readonly known: FarmSeries; readonly rangeS: number };

/** Rows and history arrive one after the other: what is drawn from one of them is not computed again for the other. */
function Drawn({ farmId, farmName, backends, protocol, isTracked, sinceMs, known, rangeS }: DrawnProps) {
  const { state, ageS } = useFreshness();
  const live = useFarmLive(farmId);
  const events = useRangeEvents(farmId, rangeS);
  const isLost = isNotKnown(state);
  const silenceMs = isLost ? (ageS ?? 0) * 1000 : 0;
  const series = useMemo(() => withSilence(known, silenceMs), [known, silenceMs]);
  const marks = useMemo(() => marksOf(events, farmId, series.fromMs, series.toMs), [events, farmId, series]);
  const before = useMemo(() => silenceBefore(series, sinceMs), [series, sinceMs]);
  const shared = { marks, series, before, live, isLost, fileName: farmName };
  const gaps = [...(before === null ? [] : [before]), ...gapsOf(backendData(series, backends, "newPerS"))];
  const agent = useAgentState();
  const hasTimes = series.traffic.p95Ms.some((value) => value !== null);
  const probe = { times: series.connect, now: live?.connect ?? null, missing: missingProbe({ protocol }) };
  const traffic = {
    times: series.traffic,
    now: live?.traffic ?? null,
    missing: missingTraffic({ protocol }, agent, hasTimes),
  };
  const connect = <ConnectChart {...shared} {...probe} source="probe" />;
  const range = ranges.find((each) => each.seconds === rangeS)?.words ?? "";
  return (
    <>
      <EventList farmId={farmId} marks={marks} gaps={gaps} withDate={isLong(series)} />
      {series.source === undefined ? null : <p className="text-small text-ink-2">{series.source}.</p>}
      {isTracked ? null : (
        <Note>
          New and active connections, the observed share and the times of real traffic are {notTracked}, so there is
          nothing to draw. Packets and bytes are counted: they stand at the backends below.
        </Note>
      )}
      {isTracked ? (
        <div className="grid grid-cols-2 gap-3 max-[1100px]:grid-cols-1 min-[1101px]:[&>*:last-child:nth-child(odd)]:col-span-2 *:min-w-0">
          <TrafficChart {...shared} backends={backends} field="newPerS" range={range} />
          <TrafficChart {...shared} backends={backends} field="active" range={range} />
          {connect}
          <ConnectChart {...shared} {...traffic} source="traffic" />
          <ShareChart {...shared} backends={backends} />
        </div>
      ) : (
        connect
      )}
    </>
  );
}
