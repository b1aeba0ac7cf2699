import { formatShare } from "@/components/ui/numbers.ts";
import { Chart, percentTick } from "./chart.tsx";
import type { BackendName } from "./chart-data.ts";
import { backendData } from "./chart-data.ts";
import type { FarmChartProps } from "./farm-chart-props.ts";
import type { Band } from "./plot.tsx";
import { shareSummary, shareVerdict } from "./summaries.ts";

export function ShareChart({
  series,
  live,
  isLost,
  backends,
  marks,
  fileName,
}: FarmChartProps & { readonly backends: readonly BackendName[] }) {
  const data = backendData(series, backends.slice(0, 8), "observedPct");
  const planned = backendData(series, backends.slice(0, 8), "plannedPct");
  const liveOf = new Map(live?.backends.map((row) => [row.backendId, row]));
  const rows = backends.map(({ id, name }) => {
    const row = liveOf.get(id);
    return { id, name, plannedPct: row?.plannedPct ?? 0, observed: row?.observed ?? null };
  });
  const bands = planned.series.map(({ key, values }): Band => {
    const half = rows.find((row) => row.id === key)?.observed?.bandPct ?? 0;
    return { seriesKey: key, values: values.map((value) => (value === null ? null : bandAround(value, half))) };
  });
  const verdict = shareVerdict(rows);
  return (
    <Chart
      title="Observed share"
      unit="% of new, shade is planned with its 95 % band now"
      now={{ value: isLost ? `was ${verdict.word}` : verdict.word, detail: verdict.detail }}
      summary={shareSummary(rows)}
      data={data}
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

/** At least 0.6 points high, so that the plan is seen as a line when the band has become narrow. */
function bandAround(plannedPct: number, halfPct: number): readonly [number, number] {
  const half = Math.max(halfPct, 0.3);
  return [Math.max(0, plannedPct - half), Math.min(100, plannedPct + half)];
}
