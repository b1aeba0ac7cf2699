/** The page `/metrics` of the agent: the balancer, its farms and backends, this process. */
import { type Family, familyHead, familyText, histogramLines } from "../core/metrics/exposition.ts";
import { balancerFamilies } from "../core/metrics/families.ts";
import type { BalancerLive, LiveEvent } from "../core/metrics/live.ts";
import { addTime, emptyTimeHistogram, timeBoundsS } from "../core/metrics/time-histogram.ts";
import { processMetrics } from "../platform/process-metrics.ts";
import type { Applier } from "./applier.ts";
import { farmPieces, type Measured } from "./metrics-farms.ts";

type MetricsSource = {
  readonly versions: { readonly agent: string; readonly kernel: string; readonly nft: string };
  readonly applier: Pick<Applier, "state" | "sync">;
  readonly balancer: () => BalancerLive;
  readonly measured: () => Measured;
  readonly happened: Happened;
  readonly hasProber: () => boolean;
  readonly isProberSilent: () => boolean;
};

/** What is counted as it happens. */
export type Happened = {
  readonly events: Map<LiveEvent["kind"], number>;
  drifts: number;
  readonly apply: ReturnType<typeof emptyTimeHistogram>;
};

export function emptyHappened(): Happened {
  return { events: new Map(), drifts: 0, apply: emptyTimeHistogram() };
}

export function noteEvent({ events }: Happened, kind: LiveEvent["kind"]): void {
  events.set(kind, (events.get(kind) ?? 0) + 1);
}

/** Changes by others count by how long they took here; the same change asked for twice was made once. */
export function countingApplies(applier: Applier, happened: Happened): Applier {
  const counted = async (uuid: string, ask: () => ReturnType<Applier["change"]>) => {
    const isNew = applier.answerOf(uuid) === null;
    const answer = await ask();
    if (isNew && answer.outcome === "applied") addTime(happened.apply, answer.applyMs * 1000);
    return answer;
  };
  return {
    ...applier,
    change: (request, peerUid) => counted(request.uuid, () => applier.change(request, peerUid)),
    seed: (request, peerUid) => counted(request.uuid, () => applier.seed(request, peerUid)),
  };
}

/** Pieces of text; between two of them other work may go first. */
export function* metricsPieces(source: MetricsSource): Generator<string> {
  yield balancerText(source) + processMetrics("agent");
  yield* farmPieces(source.measured());
}

function balancerText({ versions, applier, balancer, happened, ...prober }: MetricsSource): string {
  const families = balancerFamilies;
  const { desired } = applier.state();
  const { conntrack } = balancer();
  const { agent: version, kernel, nft } = versions;
  const one = (family: Family, value: number | null) => familyText(family, [[[], value]]);
  const labels = [
    ["version", version],
    ["kernel", kernel],
    ["nft", nft],
  ] as const;
  const apply = { bounds: timeBoundsS, counts: happened.apply.counts, sum: happened.apply.sumS };
  return [
    familyText(families.build, [[labels, 1]]),
    one(families.farms, desired.farms.size),
    one(families.epoch, desired.epoch),
    one(families.revision, desired.n),
    familyText(families.sync, [[[["state", applier.sync()]], 1]]),
    one(families.conntrackEntries, conntrack?.used ?? null),
    one(families.conntrackLimit, conntrack?.max ?? null),
    one(families.drift, happened.drifts),
    familyText(
      families.events,
      Array.from(happened.events, ([kind, count]) => [[["kind", kind]], count] as const),
    ),
    one(families.prober, prober.hasProber() ? 1 : 0),
    one(families.proberSilent, prober.isProberSilent() ? 1 : 0),
    familyHead(families.apply) + histogramLines(families.apply.name, "", apply),
  ].join("");
}
