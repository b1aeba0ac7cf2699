"use client";

import dynamic from "next/dynamic";
import { ChartsWaiting } from "@/components/charts/charts-waiting.tsx";

/** Charts come after the first paint, as on the farm's own page. */
export const LazyBackendCharts = dynamic(async () => (await import("./backend-charts.tsx")).BackendCharts, {
  ssr: false,
  loading: ChartsWaiting,
});
