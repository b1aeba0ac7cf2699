"use client";

import { useMemo } from "react";
import { Chart } from "@/components/charts/chart.tsx";
import { ranges, useChartClock } from "@/components/charts/chart-clock.tsx";
import { backendData, maxOf, withSilence } from "@/components/charts/chart-data.ts";
import { ChartsWaiting } from "@/components/charts/charts-waiting.tsx";
import { ConnectChart } from "@/components/charts/connect-chart.tsx";
import { EventList } from "@/components/charts/event-list.tsx";
import { marksOf } from "@/components/charts/event-marks.ts";
import { gapsOf, silenceBefore } from "@/components/charts/gaps.ts";
import { HistoryOut } from "@/components/charts/history-out.tsx";
import { missingProbe, missingTraffic } from "@/components/charts/missing-times.ts";
import { isLong } from "@/components/charts/moment.ts";
import { ShareChart } from "@/components/charts/share-chart.tsx";
import { TrafficChart } from "@/components/charts/traffic-chart.tsx";
import { useFarmSeries } from "@/components/charts/use-farm-series.ts";
import { useRangeEvents } from "@/components/charts/use-range-events.ts";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useAgentState, useFarmLive, useFreshness } from "@/components/live/use-live.ts";
import { Note } from "@/components/ui/note.tsx";
import { formatMs } from "@/components/ui/numbers.ts";
import { isTracked } from "@/server/core/farm/forwarding.ts";
import type { Farm } from "@/server/core/farm/types.ts";
import type { CheckEntry } from "@/server/core/metrics/backend-monitor.ts";
import { type FarmLive, type FarmSeries, notTracked } from "@/server/core/metrics/live.ts";
import { checkTimeData, checkTimeSummary } from "./check-time.ts";

type BackendChartsProps = {
  readonly farm: Farm;
  readonly backendId: string;
  readonly checks: readonly CheckEntry[];
  /** the farm exists since then; null = not known */
  readonly sinceMs: number | null;
};

/** The charts of one backend: cut out of its farm's history, and the times of its checks. */
export function BackendCharts(props: BackendChartsProps) {
  const { rangeS } = useChartClock();
  const { series, problem, isOut } = useFarmSeries(props.farm.id, rangeS);
  if (problem !== null) return <Note tone="bad">{problem}</Note>;
  if (isOut) return <HistoryOut />;
  if (series === null) return <ChartsWaiting />;
  return <Drawn {...props} known={series} rangeS={rangeS} />;
}

type DrawnProps = BackendChartsProps & { readonly known: FarmSeries; readonly rangeS: number };

function Drawn({ farm, backendId, checks, sinceMs, known, rangeS }: DrawnProps) {
  const { state, ageS } = useFreshness();
  const live = useFarmLive(farm.id);
  const events = useRangeEvents(farm.id, rangeS);
  const isLost = isNotKnown(state);
  const silenceMs = isLost ? (ageS ?? 0) * 1000 : 0;
  const place = farm.backends.findIndex(({ id }) => id === backendId);
  const name = farm.backends[place]?.name ?? "";
  const backends = useMemo(() => [{ id: backendId, name, place }], [backendId, name, place]);
  const series = useMemo(() => withSilence(known, silenceMs), [known, silenceMs]);
  const own = useMemo(
    () => events.filter((event) => event.backendId === null || event.backendId === backendId),
    [events, backendId],
  );
  const marks = useMemo(() => marksOf(own, farm.id, series.fromMs, series.toMs), [own, farm.id, series]);
  const before = useMemo(() => silenceBefore(series, sinceMs), [series, sinceMs]);
  const shared = {
    marks,
    series,
    before,
    live: oneOf(live, backendId),
    isLost,
    backends,
    fileName: `${farm.name}-${name}`,
  };
  const gaps = [...(before === null ? [] : [before]), ...gapsOf(backendData(series, backends, "newPerS"))];
  const agent = useAgentState();
  const times = series.backends.find((each) => each.backendId === backendId);
  const row = shared.live?.backends[0];
  const probe = { times: times?.connect, now: row?.connect ?? null, missing: missingProbe(farm) };
  const traffic = {
    times: times?.traffic,
    now: row?.traffic ?? null,
    missing: missingTraffic(farm, agent, times?.traffic !== undefined),
  };
  const range = ranges.find((each) => each.seconds === rangeS)?.words ?? "";
  return (
    <>
      <EventList farmId={farm.id} marks={marks} gaps={gaps} withDate={isLong(series)} />
      {isTracked(farm) ? null : (
        <Note>
          Connections, the observed share and the times of real traffic are {notTracked}, so there is nothing to draw.
        </Note>
      )}
      <div className="grid grid-cols-2 gap-3 max-[1100px]:grid-cols-1 min-[1101px]:[&>*:last-child:nth-child(odd)]:col-span-2 *:min-w-0">
        {isTracked(farm) ? (
          <>
            <TrafficChart {...shared} field="newPerS" range={range} />
            <TrafficChart {...shared} field="active" range={range} />
          </>
        ) : null}
        <ConnectChart {...shared} {...probe} source="probe" />
        {isTracked(farm) ? (
          <>
            <ConnectChart {...shared} {...traffic} source="traffic" />
            <ShareChart {...shared} />
          </>
        ) : null}
        <CheckTimeChart checks={checks} name={name} place={place} fileName={shared.fileName} />
      </div>
    </>
  );
}

type CheckTimeProps = {
  readonly checks: readonly CheckEntry[];
  readonly name: string;
  readonly place: number;
  readonly fileName: string;
};

function CheckTimeChart({ checks, name, place, fileName }: CheckTimeProps) {
  const data = useMemo(() => checkTimeData(checks, name, place), [checks, name, place]);
  const last = checks.findLast(({ ok, tookMs }) => ok && tookMs !== null)?.tookMs ?? null;
  const max = maxOf(data, false);
  return (
    <Chart
      title="Check time"
      unit="ms, the newest checks, whatever the range"
      now={{
        value: last === null ? "-" : formatMs(last),
        detail: `last good one, max ${max === null ? "-" : formatMs(max)}`,
      }}
      nowValues={new Map([["check", last]])}
      summary={checkTimeSummary(checks)}
      data={data}
      before={null}
      kind="lines"
      floorMax={0.4}
      format={formatMs}
      formatTick={(value) => String(Number(value.toPrecision(3)))}
      marks={[]}
      fileName={`${fileName}-check-time`}
    />
  );
}

/** As if the farm had this backend alone: the heads of the charts then speak of it. */
function oneOf(live: FarmLive | null, backendId: string): FarmLive | null {
  const row = live?.backends.find((each) => each.backendId === backendId);
  if (live === null || row === undefined) return null;
  const { newPerS, active, connect } = row;
  return { ...live, newPerS, active, connect, backends: [row] };
}
