import type { ChartData } from "./chart-data.ts";
import { Swatch } from "./swatch.tsx";

type LegendProps = {
  readonly data: ChartData;
  /** point whose values are shown; -1 = none */
  readonly index: number;
  readonly format: (value: number) => string;
  readonly isLine: boolean;
};

/** In the order of the table, with the values at the cursor, or the newest. */
export function Legend({ data, index, format, isLine }: LegendProps) {
  return (
    <ul className="flex flex-wrap gap-x-3.5 gap-y-0.5 text-small text-ink-2">
      {data.series.map((each) => {
        const value = each.values[index] ?? null;
        return (
          <li key={each.key} className="inline-flex items-center gap-[5px] whitespace-nowrap">
            <Swatch mark={each.mark} isLine={isLine} />
            {each.label} <b className="font-medium text-ink">{value === null ? "-" : format(value)}</b>
          </li>
        );
      })}
    </ul>
  );
}
