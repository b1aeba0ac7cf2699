"use client";

import dynamic from "next/dynamic";
import { ChartsWaiting } from "./charts-waiting.tsx";

/** Charts come after the first paint: the drawing library weighs more than the rest of the page. */
export const LazyFarmCharts = dynamic(async () => (await import("./farm-charts.tsx")).FarmCharts, {
  ssr: false,
  loading: ChartsWaiting,
});
