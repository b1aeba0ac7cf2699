/** Rows of figures, printed as one aligned table a section. */
export type Row = { readonly name: string; readonly figures: Readonly<Record<string, string>> };

export function printTable(title: string, rows: readonly Row[], print: (line: string) => void): void {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row.figures)))];
  const cells = [
    ["", ...columns],
    ...rows.map((row) => [row.name, ...columns.map((column) => row.figures[column] ?? "")]),
  ];
  const widths = ["", ...columns].map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)));
  print(`\n${title}`);
  for (const line of cells)
    print(
      line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart((widths[i] ?? 0) + 2))).join(""),
    );
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

export function percentile(values: readonly number[], pct: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * pct) / 100))] ?? Number.NaN;
}

/** (largest - smallest) / median, in percent: how much the run itself wavered. */
export function spreadPct(values: readonly number[]): number {
  return ((Math.max(...values) - Math.min(...values)) / median(values)) * 100;
}

/** Samples of the same round are divided by one another; the median of that. */
export function medianRatio(values: readonly number[], against: readonly number[]): number {
  return median(values.map((value, round) => value / (against[round] ?? Number.NaN)));
}
