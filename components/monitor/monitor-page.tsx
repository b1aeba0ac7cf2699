"use client";

import { Maximize } from "lucide-react";
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from "react";
import { useDensity } from "@/components/farms-list/use-density.ts";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useBalancerLive, useFarmRows, useFreshness, useMonitorRows } from "@/components/live/use-live.ts";
import { NoFarms } from "@/components/overview/farm-summary.tsx";
import { PageHead } from "@/components/shell/page-head.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Switch } from "@/components/ui/choice.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { formatCounted } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import type { MonitorFarm } from "./monitor-brief.ts";
import { MonitorFilters } from "./monitor-filters.tsx";
import { groupKeys, groupsOf, itemsOf, type MonitorItem } from "./monitor-model.ts";
import { type MonitorQuery, matchesQuery, monitorQueryText, plainQuery, toggleFold } from "./monitor-query.ts";
import { MonitorTable } from "./monitor-table.tsx";
import { type MonitorActions, MonitorWindows } from "./monitor-windows.tsx";
import { withTicks } from "./ticks.ts";
import { useAlarm } from "./use-alarm.ts";
import { Wall } from "./wall.tsx";

type MonitorPageProps = {
  readonly farms: readonly MonitorFarm[];
  readonly initialQuery: MonitorQuery;
  readonly canChange: boolean;
  readonly actions: MonitorActions;
};

const densities = [
  { value: "compact", label: "Compact" },
  { value: "comfortable", label: "Comfortable" },
] as const;

/** Every backend of every farm by its state, worst first; and the same on a wall. */
export function MonitorPage({ farms, initialQuery, canChange, actions }: MonitorPageProps) {
  const [query, setQuery] = useState(initialQuery);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [density, setDensity] = useDensity();
  const freshness = useFreshness();
  const isLost = isNotKnown(freshness.state);
  const nowMs = useNow(freshness.ageS);
  const items = useItems(farms);
  const found = useMemo(() => items.filter((item) => matchesQuery(item, query)), [items, query]);
  const groups = useMemo(() => groupsOf(found), [found]);
  const downIds = useMemo(
    () => found.filter(({ group }) => group === "down").map(({ backend }) => backend.id),
    [found],
  );
  const alarm = useAlarm(downIds, freshness.state === "live");
  const farmTroubles = useFarmTroubles(found);
  const onTick = useCallback(
    (ids: readonly string[], isTicked: boolean) => setTicked((old) => withTicks(old, ids, isTicked)),
    [],
  );

  useEffect(() => {
    window.history.replaceState(null, "", `${window.location.pathname}${monitorQueryText(query)}`);
  }, [query]);
  const leaveWall = useCallback(() => {
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    setQuery((old) => ({ ...old, isWall: false }));
  }, []);

  if (query.isWall)
    return (
      <Wall
        groups={groups}
        farms={farmTroubles}
        freshness={freshness}
        nowMs={nowMs}
        hasSound={alarm.isOn}
        onLeave={leaveWall}
      />
    );
  const shown = query.state === null ? groups : groups.filter(({ key }) => key === query.state);
  return (
    <>
      <PageHead
        title="Monitor"
        sub={`${formatCounted(items.length, "backend")} of ${formatCounted(farms.length, "farm")}`}
        actions={
          <>
            <Switch checked={alarm.isOn} onCheckedChange={alarm.setOn}>
              Sound when one goes down
            </Switch>
            <Button
              onClick={() => {
                // refused where the platform has none: the page itself fills its window then
                void document.documentElement.requestFullscreen?.().catch(() => undefined);
                setQuery({ ...query, isWall: true });
              }}
            >
              <Maximize aria-hidden className="size-4" strokeWidth={1.5} />
              Wall mode
            </Button>
          </>
        }
      />
      {farms.length === 0 ? (
        <NoFarms canCreate={canChange} />
      ) : (
        <>
          <div className="flex flex-wrap items-start justify-between gap-2">
            <MonitorFilters
              farms={farms}
              counts={new Map(groupKeys.map((key) => [key, countOf(groups, key)]))}
              total={found.length}
              query={query}
              isLost={isLost}
              onChange={setQuery}
            />
            {/* narrow rows have one height: two lines */}
            <div className="max-lg:hidden">
              <Segmented label="Height of rows" value={density} options={densities} onChange={setDensity} />
            </div>
          </div>
          <Panel>
            {shown.length === 0 ? (
              <EmptyState
                title="Nothing matches"
                action={<Button onClick={() => setQuery({ ...plainQuery, folded: query.folded })}>Clear filter</Button>}
              >
                {formatCounted(items.length, "backend")} {items.length === 1 ? "is" : "are"} hidden by the filter.
              </EmptyState>
            ) : (
              <MonitorTable
                groups={shown}
                folded={query.folded}
                onFold={(key) => setQuery({ ...query, folded: toggleFold(query.folded, key) })}
                isLost={isLost}
                isComfortable={density === "comfortable"}
                nowS={nowMs === null ? null : Math.floor(nowMs / 1000)}
                ticks={canChange ? { ticked, onTick } : null}
              />
            )}
          </Panel>
          <MonitorWindows
            farms={farms}
            ticked={ticked}
            onUntick={(ids) => onTick(ids, false)}
            nowMs={nowMs}
            isLost={isLost}
            actions={canChange ? actions : null}
          />
        </>
      )}
    </>
  );
}

/** The balancer's clock, which goes on while nothing is heard of it: an old value must not look like one of now. */
function useNow(ageS: number | null): number | null {
  const at = useBalancerLive()?.at ?? null;
  return at === null ? null : at + (ageS ?? 0) * 1000;
}

/** Many small messages a second are drawn as one. */
function useItems(farms: readonly MonitorFarm[]) {
  const rows = useDeferredValue(useMonitorRows());
  return useMemo(() => itemsOf(farms, rows), [farms, rows]);
}

/** What concerns a farm as a whole: checks that are not believed. */
function useFarmTroubles(found: readonly MonitorItem[]) {
  const rows = useFarmRows();
  return [...new Set(found.map(({ farm }) => farm))].flatMap(({ id, name }) => {
    const text = rows?.get(id)?.panic;
    return text === undefined ? [] : [{ farmId: id, name, text }];
  });
}

function countOf(groups: ReturnType<typeof groupsOf>, key: (typeof groupKeys)[number]): number {
  return groups.find((group) => group.key === key)?.items.length ?? 0;
}
