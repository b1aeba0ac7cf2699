import { saveCsv } from "@/components/ui/csv.ts";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { formatCount, formatShare } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import type { Histogram } from "@/server/core/metrics/backend-monitor.ts";
import { histogramCsv, histogramRows } from "./monitor-words.ts";

type LatencyHistogramProps = {
  readonly title: string;
  /** what was measured, and how */
  readonly meta: string;
  readonly histogram: Histogram | undefined;
  readonly fileName: string;
  /** why there is none */
  readonly missing: string;
};

/** How long it took, over the rolling minute: a row a bar, so that it is read as it is seen. */
export function LatencyHistogram({ title, meta, histogram, fileName, missing }: LatencyHistogramProps) {
  const rows = histogram === undefined ? [] : histogramRows(histogram);
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <Panel
      title={title}
      meta={meta}
      padded={rows.length > 0}
      actions={
        histogram === undefined || rows.length === 0 ? undefined : (
          <button
            type="button"
            className="link min-h-6 pr-1.5 text-small"
            onClick={() => saveCsv(fileName, histogramCsv(histogram))}
          >
            CSV<span className="sr-only"> of {title}</span>
          </button>
        )
      }
    >
      {rows.length === 0 ? (
        <EmptyState title={histogram === undefined ? missing : "Nothing in the last minute"} />
      ) : (
        <table className="w-full">
          <caption className="sr-only">
            {title}, {meta}
          </caption>
          <thead className="sr-only">
            <tr>
              <th scope="col">Milliseconds</th>
              <th scope="col">How many</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, label, count, pct }) => (
              <tr key={key}>
                <th scope="row" className="w-px pr-3 text-right text-small font-normal whitespace-nowrap text-ink-2">
                  {label}
                </th>
                <td className="flex h-5.5 items-center gap-2">
                  <span
                    aria-hidden
                    className="h-3 min-w-px rounded-[1px] bg-p95 forced-color-adjust-none"
                    style={{ width: `${(70 * count) / most}%` }}
                  />
                  <span className="text-small whitespace-nowrap text-ink-3">
                    {formatCount(count)}
                    <span className="sr-only"> times</span>
                    {count === 0 ? "" : `, ${formatShare(pct)} %`}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
