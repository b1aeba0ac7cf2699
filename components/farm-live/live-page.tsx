"use client";

import type { KeyboardEvent } from "react";
import type { FarmActions } from "@/components/changes/farm-actions.ts";
import { ChartClockProvider, useChartClock } from "@/components/charts/chart-clock.tsx";
import { ChartToolbar } from "@/components/charts/chart-toolbar.tsx";
import { LazyFarmCharts } from "@/components/charts/farm-charts-lazy.tsx";
import type { FarmView } from "@/server/core/change/views.ts";
import { isTracked } from "@/server/core/farm/forwarding.ts";
import { BackendTable } from "./backend-table.tsx";
import { NoTraffic } from "./no-traffic.tsx";
import { Remembered } from "./remembered.tsx";
import { TurnedAway } from "./turned-away.tsx";

type LivePageProps = {
  readonly view: FarmView;
  /** the farm exists since then; null = not known */
  readonly sinceMs: number | null;
  /** a Prometheus keeps more than we do */
  readonly hasYears: boolean;
  /** null = may only read */
  readonly actions: FarmActions | null;
};

export function LivePage({ view, sinceMs, hasYears, actions }: LivePageProps) {
  return (
    <ChartClockProvider>
      <NoTraffic farmId={view.farm.id} />
      <Charts view={view} sinceMs={sinceMs} hasYears={hasYears} />
      <BackendTable view={view} actions={actions} />
      <Remembered farm={view.farm} />
      <TurnedAway farmId={view.farm.id} />
    </ChartClockProvider>
  );
}

function Charts({ view: { farm }, sinceMs, hasYears }: Pick<LivePageProps, "view" | "sinceMs" | "hasYears">) {
  const { isPaused, setPaused } = useChartClock();
  /** A single letter acts only while the focus is in here. */
  function onKeyDown(event: KeyboardEvent): void {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!isPlain || event.key.toLowerCase() !== "p" || document.querySelector("dialog[open]") !== null) return;
    event.preventDefault();
    setPaused(!isPaused);
  }
  return (
    <section aria-label="Charts" className="grid gap-3 *:min-w-0" onKeyDown={onKeyDown}>
      <ChartToolbar hasYears={hasYears} />
      <LazyFarmCharts
        farmId={farm.id}
        farmName={farm.name}
        backends={farm.backends}
        protocol={farm.protocol}
        isTracked={isTracked(farm)}
        sinceMs={sinceMs}
      />
    </section>
  );
}
