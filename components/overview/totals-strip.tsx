"use client";

import clsx from "clsx";
import Link from "next/link";
import type { ReactNode } from "react";
import { useEffect, useState } from "react";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useBalancerLive, useFarmRows, useFreshness } from "@/components/live/use-live.ts";
import { formatAge, formatCount } from "@/components/ui/numbers.ts";
import { StatusGlyph } from "@/components/ui/status-glyph.tsx";
import type { FarmBrief } from "./farm-brief.ts";
import { spanOf, trafficOf } from "./past-hours.ts";
import { Spark } from "./spark.tsx";
import { totalsOf } from "./totals.ts";
import type { TrafficPoint } from "./traffic.ts";
import { addTraffic } from "./traffic.ts";
import { addToTrail } from "./trail.ts";
import { usePastHours } from "./use-past-hours.ts";

export function TotalsStrip({ farms }: { readonly farms: readonly FarmBrief[] }) {
  const totals = totalsOf(farms, useFarmRows());
  const balancer = useBalancerLive();
  const isLost = isNotKnown(useFreshness().state);
  const { points, since } = usePast(farms);
  const count = (value: number | null) => (value === null ? "-" : formatCount(value));
  return (
    <section
      aria-label="Totals"
      className={clsx(
        "grid grid-cols-[1.1fr_1.1fr_.8fr_.8fr_1.25fr_1.25fr] overflow-hidden rounded-3 border border-line bg-surface",
        "max-[1280px]:grid-cols-3 max-md:grid-cols-2",
        isLost && "lost lost-hatch",
      )}
    >
      <Total href="/farms" name="Farms serving" value={count(totals.farmsServing)} of={totals.farms}>
        {totals.farmsDown > 0 ? <Mark kind={isLost ? "unknown" : "down"}>{totals.farmsDown} down</Mark> : null}
        {totals.farmsStopped > 0 ? <Mark kind="stopped">{totals.farmsStopped} stopped</Mark> : null}
      </Total>
      <Total href="/farms" name="Backends serving" value={count(totals.backendsServing)} of={totals.backends}>
        {totals.maintenance > 0 ? <Mark kind="stopped">{totals.maintenance} maintenance</Mark> : null}
        {totals.zeroWeight > 0 ? <span className="text-ink-3">{totals.zeroWeight} at weight 0</span> : null}
      </Total>
      <Total href="/farms?state=trouble" name="Backends down" value={count(totals.backendsDown)}>
        {totals.farmsWithDown > 0 ? (
          <Mark kind={isLost ? "unknown" : "down"}>
            in {totals.farmsWithDown} {totals.farmsWithDown === 1 ? "farm" : "farms"}
          </Mark>
        ) : null}
      </Total>
      <Total href="/farms?state=draining" name="Draining" value={count(totals.draining)}>
        {totals.draining > 0 ? <Mark kind="draining">no new connections</Mark> : null}
      </Total>
      <Total href="/farms" name="New connections" unit={`conn/s${since}`} value={count(balancer?.newPerS ?? null)}>
        <Spark values={points.map(({ at, newPerS }) => ({ at, value: newPerS }))} />
      </Total>
      <Total href="/farms" name="Active" unit={`connections${since}`} value={count(balancer?.active ?? null)}>
        <Spark values={points.map(({ at, active }) => ({ at, value: active }))} />
      </Total>
    </section>
  );
}

type TotalProps = {
  readonly href: string;
  readonly name: string;
  readonly unit?: string;
  readonly value: string;
  readonly of?: number;
  readonly children?: ReactNode;
};

function Total({ href, name, unit, value, of, children }: TotalProps) {
  return (
    <Link
      href={href}
      className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-1 border-line px-4 py-3 shadow-[-1px_-1px_0_var(--line)] hover:bg-hover focus-visible:z-10 focus-visible:-outline-offset-2 focus-visible:outline-accent focus-visible:shadow-none"
    >
      <span className="flex justify-between gap-1.5 text-small text-ink-3">
        <span className="whitespace-nowrap">{name}</span>
        {unit === undefined ? null : <span className="truncate max-md:hidden">{unit}</span>}
      </span>
      <span className="flex items-baseline gap-1.5 text-big font-semibold tracking-[-0.02em]">
        {value}
        {of === undefined ? null : (
          <small className="text-base font-normal tracking-normal text-ink-3">of {formatCount(of)}</small>
        )}
      </span>
      <span className="flex min-h-[18px] min-w-0 flex-wrap items-center gap-x-2.5 text-small text-ink-2 max-md:empty:hidden">
        {children}
      </span>
    </Link>
  );
}

function Mark({
  kind,
  children,
}: {
  readonly kind: "down" | "stopped" | "draining" | "unknown";
  readonly children: ReactNode;
}) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <StatusGlyph kind={kind} sizePx={13} />
      <span>{children}</span>
    </span>
  );
}

type Past = { readonly points: readonly TrafficPoint[]; readonly since: string };

/** Hours are added up farm by farm: of more than these the page shows what it has seen itself. */
const addedFarmsMax = 20;

/** The last hour while farms are few and it has a line to draw; else what this page has seen since it was opened. */
function usePast(farms: readonly FarmBrief[]): Past {
  const areFew = farms.length <= addedFarmsMax;
  const known = usePastHours(areFew ? farms.map((farm) => farm.id) : noIds);
  const trail = useTrail();
  const hours = farms.flatMap((farm) => known.get(farm.id) ?? []);
  const { fromMs, span } = spanOf(hours);
  if (areFew && fromMs !== null && hours.length === farms.length) {
    const points = addTraffic(hours.map((hour) => trafficOf(hour, fromMs)));
    if (points.length > 2) return { points, since: span };
  }
  const first = trail[0];
  const last = trail.at(-1);
  const isLong = first !== undefined && last !== undefined && last.at - first.at > 5000;
  return { points: trail, since: isLong ? `, ${formatAge(last.at - first.at)}` : "" };
}

const noIds: readonly string[] = [];

function useTrail(): readonly TrafficPoint[] {
  const balancer = useBalancerLive();
  const [trail, setTrail] = useState<readonly TrafficPoint[]>([]);
  useEffect(() => {
    if (balancer !== null) setTrail((old) => addToTrail(old, balancer));
  }, [balancer]);
  return trail;
}
