import { useMemo } from "react";
import { formatShare } from "@/components/ui/numbers.ts";
import { Chart, percentTick } from "./chart.tsx";
import type { BackendName } from "./chart-data.ts";
import { backendData, namedMax } from "./chart-data.ts";
import type { FarmChartProps } from "./farm-chart-props.ts";
import { backendNow } from "./now-values.ts";
import { shareBands } from "./share-bands.ts";
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
    () => shareBands(series, backends.slice(0, namedMax), halves.split(" ").map(Number), marks),
    [series, backends, halves, marks],
  );
  const verdict = shareVerdict(rows);
  return (
    <Chart
      title="Observed share"
      unit="% of new, shade: plan and its 95 % band"
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
