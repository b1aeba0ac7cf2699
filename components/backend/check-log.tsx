import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { saveCsv } from "@/components/ui/csv.ts";
import { DataTable, NumberCell, Th } from "@/components/ui/data-table.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { formatCount, formatMs } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { StatusText } from "@/components/ui/status-text.tsx";
import type { CheckEntry } from "@/server/core/metrics/backend-monitor.ts";
import { checkGlyphs, checksCsv, checkWord, newestFirst, seenText } from "./monitor-words.ts";

const filters = [
  { value: "all", label: "All" },
  { value: "failed", label: "Failures" },
] as const;
type Filter = (typeof filters)[number]["value"];

type CheckLogProps = {
  readonly checks: readonly CheckEntry[];
  /** why they are not known; null = they are */
  readonly absent: string | null;
  readonly fileName: string;
};

/** The checks that were made, newest first. */
export function CheckLog({ checks, absent, fileName }: CheckLogProps) {
  const [filter, setFilter] = useState<Filter>("all");
  const failed = checks.filter(({ ok, degraded }) => !ok || degraded);
  const shown = newestFirst(filter === "all" ? checks : failed);
  return (
    <Panel
      title="Check log"
      meta={
        checks.length === 0 ? undefined : `${formatCount(checks.length)} newest, ${formatCount(failed.length)} not good`
      }
      actions={
        <>
          <Segmented label="Shown checks" value={filter} options={filters} onChange={setFilter} />
          <Button
            disabledReason={checks.length === 0 ? "There is nothing to save" : null}
            onClick={() => saveCsv(`${fileName}-checks`, checksCsv(checks))}
          >
            CSV
          </Button>
        </>
      }
    >
      {shown.length === 0 ? (
        <EmptyState title={absent ?? (checks.length === 0 ? "No check was made yet" : "No check failed")} />
      ) : (
        <div className="max-h-96 overflow-y-auto">
          <DataTable label="Check log" tight>
            <thead>
              <tr>
                <Th>Time</Th>
                <Th>Result</Th>
                <Th num>ms</Th>
                <Th>What was seen</Th>
              </tr>
            </thead>
            <tbody>
              {shown.map((entry) => (
                <tr key={`${entry.at} ${entry.tookMs} ${entry.error}`}>
                  <td>
                    <LocalTime atMs={entry.at} />
                  </td>
                  <td>
                    <StatusText kind={checkGlyphs[checkWord(entry)]}>{checkWord(entry)}</StatusText>
                  </td>
                  <NumberCell value={entry.tookMs} format={formatMs} />
                  <td className="whitespace-normal! wrap-anywhere text-ink-2">{seenText(entry)}</td>
                </tr>
              ))}
            </tbody>
          </DataTable>
        </div>
      )}
    </Panel>
  );
}
