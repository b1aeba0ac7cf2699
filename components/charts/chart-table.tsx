"use client";

import { DataTable, NumberCell, Th } from "@/components/ui/data-table.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { formatDateTime } from "@/components/ui/numbers.ts";
import type { ChartData } from "./chart-data.ts";

type ChartTableProps = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly data: ChartData;
  readonly format: (value: number) => string;
};

/** The numbers of a chart, newest first, as they were when the table was opened. */
export function ChartTable({ open, onClose, title, data, format }: ChartTableProps) {
  const newestFirst = data.atMs.map((at, index) => ({ at, index })).reverse();
  return (
    <Dialog open={open} onClose={onClose} title={title}>
      <DataTable label={title}>
        <thead>
          <tr>
            <Th>Time</Th>
            {data.series.map((each) => (
              <Th key={each.key} num>
                {each.label}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {newestFirst.map(({ at, index }) => (
            <tr key={at}>
              <td>{formatDateTime(at)}</td>
              {data.series.map((each) => (
                <NumberCell key={each.key} value={each.values[index]} format={format} />
              ))}
            </tr>
          ))}
        </tbody>
      </DataTable>
    </Dialog>
  );
}
