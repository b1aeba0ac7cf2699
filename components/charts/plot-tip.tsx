import clsx from "clsx";
import type { ChartData } from "./chart-data.ts";
import { momentText } from "./moment.ts";
import { percentOf } from "./plot-box.ts";
import { Swatch } from "./swatch.tsx";

type PlotTipProps = {
  readonly data: ChartData;
  readonly index: number;
  readonly at: number;
  readonly unit: string;
  readonly isStacked: boolean;
  readonly format: (value: number) => string;
};

/** Values at the cursor. Screen readers get the same from the slider's own text. */
export function PlotTip({ data, index, at, unit, isStacked, format }: PlotTipProps) {
  const place = percentOf(data, at);
  const total = data.series.reduce((sum, each) => sum + (each.values[index] ?? 0), 0);
  const isKnown = data.series.some((each) => (each.values[index] ?? null) !== null);
  return (
    <div
      aria-hidden
      data-tip
      className={clsx(
        "pointer-events-none absolute top-1 z-10 min-w-36 rounded-2 border border-line-strong bg-raised px-2.5 py-1.5 text-small whitespace-nowrap shadow-float",
        place > 50 && "-translate-x-full",
      )}
      style={{ left: `calc(${place}% + ${place > 50 ? -10 : 10}px)` }}
    >
      <div className="mb-1 flex justify-between gap-3 font-medium">
        {momentText(at, data)} <span className="font-normal text-ink-3">{unit}</span>
      </div>
      {data.series.map((each) => (
        <div key={each.key} className="flex items-center gap-[7px] leading-[17px]">
          <Swatch mark={each.mark} />
          {each.label}
          <b className="ml-auto pl-4 font-medium">{valueText(each.values[index] ?? null, format)}</b>
        </div>
      ))}
      {isStacked && isKnown && data.series.length > 1 ? (
        <div className="mt-1 flex justify-between border-t border-line pt-0.5">
          All <b className="font-medium">{format(total)}</b>
        </div>
      ) : null}
    </div>
  );
}

export function valueText(value: number | null, format: (value: number) => string): string {
  return value === null ? "not known" : format(value);
}
