import { DataTable, NumberCell, Th } from "@/components/ui/data-table.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { formatCount, formatShare } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import type { WeightStep } from "@/server/core/metrics/backend-monitor.ts";
import { newestFirst } from "./monitor-words.ts";

type WeightHistoryProps = {
  readonly weights: readonly WeightStep[];
  /** why they are not known; null = they are */
  readonly absent: string | null;
};

/** Each planned share it had, and why; the line over time stands in the share chart. */
export function WeightHistory({ weights, absent }: WeightHistoryProps) {
  return (
    <Panel title="Weight history" meta="planned share, newest first">
      {weights.length === 0 ? (
        <EmptyState title={absent ?? "Its planned share has not changed since the agent started"} />
      ) : (
        <div className="max-h-80 overflow-y-auto">
          <DataTable label="Weight history" tight>
            <thead>
              <tr>
                <Th>Time</Th>
                <Th num>Weight in effect</Th>
                <Th num>Planned, %</Th>
                <Th>Why</Th>
              </tr>
            </thead>
            <tbody>
              {newestFirst(weights).map((step) => (
                <tr key={`${step.atMs} ${step.plannedPct} ${step.text}`}>
                  <td>
                    <LocalTime atMs={step.atMs} />
                  </td>
                  <NumberCell value={step.weight} format={formatCount} />
                  <NumberCell value={step.plannedPct} format={formatShare} />
                  <td className="whitespace-normal! wrap-anywhere text-ink-2">{step.text}</td>
                </tr>
              ))}
            </tbody>
          </DataTable>
        </div>
      )}
    </Panel>
  );
}
