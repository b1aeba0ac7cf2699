/** The balancer's totals since this page was opened, one point a second, at most five minutes; a silence is a gap. Pure. */
import type { BalancerLive } from "@/server/core/metrics/live.ts";
import type { TrafficPoint } from "./traffic.ts";

const keptMs = 300_000;

export function addToTrail(
  trail: readonly TrafficPoint[],
  { at, newPerS, active }: BalancerLive,
): readonly TrafficPoint[] {
  if (at <= (trail.at(-1)?.at ?? 0)) return trail;
  return [...trail, { at, newPerS, active }].filter((point) => point.at > at - keptMs);
}

/** SVG paths in a box of 100 x 20: the line, broken where nothing is known, and the area under it. */
export function sparkPath(values: readonly { readonly at: number; readonly value: number | null }[]): {
  line: string;
  area: string;
} {
  const known = values.filter((point) => point.value !== null);
  const first = values[0]?.at ?? 0;
  const span = Math.max(1, (values.at(-1)?.at ?? 0) - first);
  const max = Math.max(1e-9, ...known.map((point) => point.value ?? 0));
  let line = "";
  let area = "";
  let run: string[] = [];
  const endRun = () => {
    const [start] = run;
    const last = run.at(-1);
    if (start !== undefined && last !== undefined && run.length > 1) {
      line += `M${run.join("L")}`;
      area += `M${start.split(" ")[0]} 20L${run.join("L")}L${last.split(" ")[0]} 20Z`;
    }
    run = [];
  };
  const usualMs = Math.max(3500, 1.5 * ((values[1]?.at ?? 0) - first));
  let previous = first;
  for (const { at, value } of values) {
    if (value === null || at - previous > usualMs) endRun();
    if (value !== null) run.push(`${round((100 * (at - first)) / span)} ${round(19 - (17 * value) / max)}`);
    previous = at;
  }
  endRun();
  return { line, area };
}

const round = (value: number): number => Math.round(value * 100) / 100;
