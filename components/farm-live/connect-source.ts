/** Which of two times is shown for a backend or a farm: real traffic where the kernel times it, else the probe. Pure. */
import { formatCount, formatCounted, formatMs } from "@/components/ui/numbers.ts";
import type { ConnectTime } from "@/server/core/metrics/live.ts";

type Measured = { readonly connect: ConnectTime | null; readonly traffic?: ConnectTime | undefined };

export type ShownTime = {
  readonly p95Ms: number | null;
  /** one word beside the number; null = nothing was measured */
  readonly source: "traffic" | "probe" | null;
  /** in words, both times as far as they are known */
  readonly text: string;
};

export function shownTime({ connect, traffic }: Measured): ShownTime {
  const probe = connect?.p95Ms ?? null;
  const real = traffic?.p95Ms ?? null;
  const texts = [
    ...(traffic === undefined || real === null ? [] : [`from real traffic: ${trafficText(traffic, real)}`]),
    ...(probe === null ? [] : [`probe: ${formatMs(probe)} ms`]),
  ];
  if (real !== null) return { p95Ms: real, source: "traffic", text: texts.join("; ") };
  return { p95Ms: probe, source: probe === null ? null : "probe", text: texts.join("; ") };
}

function trafficText({ samples, failed, oneIn }: ConnectTime, p95Ms: number): string {
  const opens = `${formatCounted(samples + failed, "open")} in a minute`;
  const which = oneIn === undefined ? opens : `${opens}, one of ${oneIn} measured`;
  return `p95 ${formatMs(p95Ms)} ms, ${which}${failed === 0 ? "" : `, ${formatCount(failed)} failed`}`;
}
