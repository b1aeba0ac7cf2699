import { SeriesSwatch } from "@/components/ui/series-swatch.tsx";
import type { ChartSeries } from "./chart-data.ts";
import { styleOf } from "./series-style.ts";

type SwatchProps = { readonly mark: ChartSeries["mark"]; readonly isLine?: boolean };

/** Sample of a series: the hatched box of a backend, or the dashed stroke of a line. */
export function Swatch({ mark, isLine = typeof mark === "string" }: SwatchProps) {
  if (!isLine && typeof mark === "number") return <SeriesSwatch index={mark} />;
  const { colour, dash } = styleOf({ mark });
  return (
    <svg viewBox="0 0 18 9" aria-hidden="true" className="h-[9px] w-[18px] shrink-0">
      <path d="M0 4.5h18" strokeWidth="2" strokeDasharray={dash} style={{ stroke: colour }} />
    </svg>
  );
}
