import { useMemo } from "react";
import { formatShare } from "@/components/ui/numbers.ts";
import type { FarmSeries } from "@/server/core/metrics/live.ts";
import { Chart, percentTick } from "./chart.tsx";
import type { BackendName } from "./chart-data.ts";
import { backendData, namedMax } from "./chart-data.ts";
import type { FarmChartProps } from "./farm-chart-props.ts";
import { backendNow } from "./now-values.ts";
import type { Band } from "./plot.tsx";
import { shareSummary, shareVerdict } from "./summaries.ts";

export function ShareChart({
  series,
  live,
  isLost,
  backends,
  marks,
  before,
  fileName,
}: FarmChartProps & { readonly backends: readonly BackendName[] }) {
  const data = useMemo(() => backendData(series, backends.slice(0, namedMax), "observedPct"), [series, backends]);
  const liveOf = new Map(live?.backends.map((row) => [row.backendId, row]));
  const rows = backends.map(({ id, name }) => {
    const row = liveOf.get(id);
    return { id, name, plannedPct: row?.plannedPct ?? 0, observed: row?.observed ?? null };
  });
  // a band narrows slowly: a tenth of a point is seen, less is not
  const halves = rows
    .slice(0, namedMax)
    .map((row) => (row.observed?.bandPct ?? 0).toFixed(1))
    .join(" ");
  const bands = useMemo(
    () => bandsOf(series, backends.slice(0, namedMax), halves.split(" ")),
    [series, backends, halves],
  );
  const verdict = shareVerdict(rows);
  return (
    <Chart
      title="Observed share"
      unit="% of new, shade is planned with its 95 % band now"
      now={{ value: isLost ? `was ${verdict.word}` : verdict.word, detail: verdict.detail }}
      summary={shareSummary(rows)}
      nowValues={backendNow(live, backends.slice(0, namedMax), (row) => row.observed?.sharePct ?? null)}
      data={data}
      before={before}
      kind="lines"
      floorMax={1}
      format={formatShare}
      formatTick={percentTick}
      marks={marks}
      bands={bands}
      fileName={`${fileName}-observed-share`}
    />
  );
}

function bandsOf(series: FarmSeries, backends: readonly BackendName[], halves: readonly string[]): Band[] {
  return backendData(series, backends, "plannedPct").series.map(({ key, values }, index) => ({
    seriesKey: key,
    values: values.map((value) => (value === null ? null : bandAround(value, Number(halves[index] ?? 0)))),
  }));
}

/** At least 0.6 points high, so that the plan is seen as a line when the band has become narrow. */
function bandAround(plannedPct: number, halfPct: number): readonly [number, number] {
  const half = Math.max(halfPct, 0.3);
  return [Math.max(0, plannedPct - half), Math.min(100, plannedPct + half)];
}
