"use client";

import type { FarmActions } from "@/components/changes/farm-actions.ts";
import { ChartClockProvider } from "@/components/charts/chart-clock.tsx";
import { ChartToolbar } from "@/components/charts/chart-toolbar.tsx";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useBalancerLive, useFarmLive, useFreshness } from "@/components/live/use-live.ts";
import { CrumbBackend } from "@/components/shell/crumbs.tsx";
import { Note } from "@/components/ui/note.tsx";
import { AdminDialogs } from "@/components/weights/admin-dialogs.tsx";
import { type AdminControl, useAdminState } from "@/components/weights/use-admin-state.ts";
import type { FarmView } from "@/server/core/change/views.ts";
import type { Backend } from "@/server/core/farm/types.ts";
import { LazyBackendCharts } from "./backend-charts-lazy.tsx";
import { BackendHead } from "./backend-head.tsx";
import { CheckLog } from "./check-log.tsx";
import { CheckPanel } from "./check-panel.tsx";
import { DrainPanel } from "./drain-panel.tsx";
import { Heartbeat } from "./heartbeat.tsx";
import { LatencyHistogram } from "./latency-histogram.tsx";
import { StatePanel } from "./state-panel.tsx";
import { useMonitor } from "./use-monitor.ts";
import { useTestNow } from "./use-test-now.ts";
import { WeightHistory } from "./weight-history.tsx";

type BackendPageProps = {
  readonly view: FarmView;
  readonly backend: Backend;
  /** the farm exists since then; null = not known */
  readonly sinceMs: number | null;
  /** null = may only read */
  readonly actions: FarmActions | null;
};

export function BackendPage(props: BackendPageProps) {
  const { actions } = props;
  return actions === null ? <Shown {...props} control={null} /> : <Acting {...props} actions={actions} />;
}

function Acting({ actions, ...props }: BackendPageProps & { readonly actions: FarmActions }) {
  const { view } = props;
  const live = useFarmLive(view.farm.id);
  const control = useAdminState({ view, live, stagedCount: 0, actions, learn: () => undefined });
  return (
    <>
      <Shown {...props} control={control} />
      <AdminDialogs
        farm={view.farm}
        question={control.question}
        pending={control.isPending}
        onClose={control.close}
        onConfirm={control.confirm}
      />
    </>
  );
}

type ShownProps = Omit<BackendPageProps, "actions"> & { readonly control: AdminControl | null };

function Shown({ view: { farm }, backend, sinceMs, control }: ShownProps) {
  const live = useFarmLive(farm.id);
  const isLost = isNotKnown(useFreshness().state);
  const nowMs = useBalancerLive()?.at ?? live?.at ?? null;
  const row = live?.backends.find(({ backendId }) => backendId === backend.id) ?? null;
  const { monitor, problem } = useMonitor(farm.id, backend.id);
  const asked = useTestNow(farm.id, backend.id);
  const test = control === null ? null : asked;
  const shared = { farm, backend, row, isLost, control };
  const checks = monitor?.checks ?? [];
  const absent = absentText(monitor !== null, isLost || problem !== null);
  const fileName = `${farm.name}-${backend.name}`;
  return (
    <ChartClockProvider>
      <CrumbBackend name={backend.name} />
      <BackendHead {...shared} test={test} />
      {problem === null ? null : <Note tone="bad">{problem}</Note>}
      <div className={isLost ? "lost contents" : "contents"}>
        <div className="grid grid-cols-2 gap-3 max-[1100px]:grid-cols-1 *:min-w-0">
          <StatePanel farm={farm} backend={backend} row={row} nowMs={nowMs} panic={live?.panic} isLost={isLost} />
          <CheckPanel farm={farm} backend={backend} row={row} nowMs={nowMs} test={test} isLost={isLost} />
        </div>
        <DrainPanel {...shared} nowMs={nowMs} />
        <Heartbeat
          beats={monitor?.beats ?? []}
          absent={absent}
          nowMs={nowMs ?? monitor?.beats.at(-1)?.atMs ?? 0}
          fileName={fileName}
        />
      </div>
      <section aria-label="Charts" className="grid gap-3 *:min-w-0">
        <ChartToolbar />
        <LazyBackendCharts farm={farm} backendId={backend.id} checks={checks} sinceMs={sinceMs} />
      </section>
      <div className="grid grid-cols-2 items-start gap-3 max-[1100px]:grid-cols-1 *:min-w-0">
        <div className="grid content-start gap-3 *:min-w-0">
          <CheckLog checks={checks} absent={absent} fileName={fileName} />
          <LatencyHistogram
            title="Connect times"
            meta="ms, TCP probe, rolling minute"
            histogram={monitor?.probeTimes}
            fileName={`${fileName}-connect-times`}
            missing={absent ?? "Not measured"}
          />
        </div>
        <div className="grid content-start gap-3 *:min-w-0">
          <WeightHistory weights={monitor?.weights ?? []} absent={absent} />
          <LatencyHistogram
            title="Open times"
            meta="ms, from real traffic, SYN to SYN-ACK, rolling minute"
            histogram={monitor?.trafficTimes}
            fileName={`${fileName}-open-times`}
            missing={absent ?? "Not measured from real traffic on this host or for this protocol"}
          />
        </div>
      </div>
    </ChartClockProvider>
  );
}

/** Nothing read yet is not the same as nothing there; null = it was read. */
function absentText(isRead: boolean, isOut: boolean): string | null {
  if (isRead) return null;
  return isOut ? "Not known now" : "Waiting for the first values";
}
