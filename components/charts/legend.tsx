import type { ChartData } from "./chart-data.ts";
import type { NowValues } from "./now-values.ts";
import { Swatch } from "./swatch.tsx";

type LegendProps = {
  readonly data: ChartData;
  /** point whose values are shown; -1 = none */
  readonly index: number;
  /** shown instead of the point: the same as in head and sentence */
  readonly now: NowValues | null;
  readonly format: (value: number) => string;
  readonly isLine: boolean;
};

/** In the order of the table, with the values at the cursor, or the newest. */
export function Legend({ data, index, now, format, isLine }: LegendProps) {
  return (
    <ul className="flex flex-wrap gap-x-3.5 gap-y-0.5 text-small text-ink-2">
      {data.series.map((each) => {
        const value = (now === null ? each.values[index] : now.get(each.key)) ?? null;
        return (
          <li key={each.key} className="inline-flex max-w-full min-w-0 items-center gap-[5px] whitespace-nowrap">
            <Swatch mark={each.mark} isLine={isLine} />
            <span className="min-w-0 max-w-[30ch] truncate" title={each.label}>
              {each.label}
            </span>{" "}
            <b className="font-medium text-ink">{value === null ? "-" : format(value)}</b>
          </li>
        );
      })}
    </ul>
  );
}
