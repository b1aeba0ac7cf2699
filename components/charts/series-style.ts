/** Colour, dash and hatch of a series, from its place in the farm: the same as its swatch (marks.css). */
import { seriesKey } from "@/components/ui/series-swatch.tsx";
import type { ChartSeries } from "./chart-data.ts";

const dashes: Readonly<Record<string, string | undefined>> = {
  "1": undefined,
  "2": "7 3",
  "3": "2 3",
  "4": "9 3 2 3",
  "5": "4 4",
  "6": "1 4",
  "7": "12 4",
  "8": "6 2 1 2",
  other: "3 6",
  p50: "2 3",
  p95: "6 3",
  p99: undefined,
};

export type SeriesStyle = { readonly id: string; readonly colour: string; readonly dash: string | undefined };

export function styleOf({ mark }: Pick<ChartSeries, "mark">): SeriesStyle {
  const id = typeof mark === "string" ? mark : seriesKey(mark);
  const colour = typeof mark === "string" ? `var(--${mark})` : id === "other" ? "var(--s-other)" : `var(--s${id})`;
  return { id, colour, dash: dashes[id] };
}
