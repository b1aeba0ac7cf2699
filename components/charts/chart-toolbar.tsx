"use client";

import { Pause, Play } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { keptRangeS } from "@/server/core/metrics/ranges.ts";
import type { RangeS } from "./chart-clock.tsx";
import { ranges, useChartClock } from "./chart-clock.tsx";

const options = ranges.map(({ seconds, label, words }) => ({
  seconds,
  value: String(seconds),
  label: (
    <>
      <span aria-hidden>{label}</span>
      <span className="sr-only">{words}</span>
    </>
  ),
}));

type ChartToolbarProps = {
  /** a Prometheus keeps more than we do */
  readonly hasYears?: boolean;
};

/** Range and pause of all charts. */
export function ChartToolbar({ hasYears = false }: ChartToolbarProps) {
  const { rangeS, setRange, isPaused, setPaused } = useChartClock();
  const Icon = isPaused ? Play : Pause;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Segmented
        label="Range of the charts"
        value={String(rangeS)}
        options={options.filter(({ seconds }) => hasYears || seconds <= keptRangeS || seconds === rangeS)}
        onChange={(value) => setRange(Number(value) as RangeS)}
      />
      <Button on={isPaused} onClick={() => setPaused(!isPaused)} aria-keyshortcuts="P">
        <Icon aria-hidden className="size-4" strokeWidth={1.5} />
        {isPaused ? "Resume" : "Pause"}
        <kbd className="rounded-1 border border-line-strong px-1 font-sans text-[10.5px]/4 font-medium text-ink-3 max-md:hidden">
          P
        </kbd>
      </Button>
    </div>
  );
}
