import { Dock } from "@/components/changes/dock.tsx";
import type { FarmActions } from "@/components/changes/farm-actions.ts";
import { useMonitorRows } from "@/components/live/use-live.ts";
import { Button } from "@/components/ui/button.tsx";
import { formatCount } from "@/components/ui/numbers.ts";
import type { AdminState } from "@/server/core/farm/types.ts";
import type { MonitorFarm } from "./monitor-brief.ts";
import { tickedFarms } from "./ticked-states.ts";
import { TickedStatesDialog } from "./ticked-states-dialog.tsx";
import { TickedTestsDialog } from "./ticked-tests-dialog.tsx";
import { useTickedStates } from "./use-ticked-states.ts";
import { useTickedTests } from "./use-ticked-tests.ts";
import { targetsOf, targetText } from "./window-model.ts";

type TickedDockProps = {
  readonly farms: readonly MonitorFarm[];
  readonly ticked: ReadonlySet<string>;
  readonly actions: Pick<FarmActions, "preview" | "setAdminState">;
  readonly blocked: string | null;
  readonly onUntick: (backendIds: readonly string[]) => void;
  readonly onPlan: () => void;
};

const states: readonly { readonly state: AdminState; readonly label: string }[] = [
  { state: "drain", label: "Drain" },
  { state: "maintenance", label: "Maintenance" },
  { state: "active", label: "Resume" },
];

/** What can be done with all that is ticked: states now, a test now, maintenance later. */
export function TickedDock({ farms, ticked, actions, blocked, onUntick, onPlan }: TickedDockProps) {
  const rows = useMonitorRows();
  const changing = useTickedStates({
    setState: actions.setAdminState,
    serves: (backendId) => (rows?.get(backendId)?.plannedPct ?? 0) > 0,
    onDone: onUntick,
  });
  const tests = useTickedTests();
  const reason = blocked ?? (changing.isPending ? "A change is under way" : null);
  const targets = targetsOf(farms, ticked);
  return (
    <>
      {targets.length === 0 ? null : (
        <Dock label="Ticked backends">
          <b className="font-medium">{formatCount(ticked.size)} ticked</b>
          <span className="min-w-0 truncate text-small text-ink-3 max-md:hidden">{targetText(targets)}</span>
          <span className="flex-1" />
          {states.map(({ state, label }) => (
            <Button
              key={state}
              disabledReason={reason}
              onClick={() => void changing.ask(state, tickedFarms(farms, ticked))}
            >
              {label}
            </Button>
          ))}
          <Button disabledReason={blocked} onClick={() => tests.run(tickedBackends(farms, ticked))}>
            Test now
          </Button>
          <Button disabledReason={reason} onClick={onPlan}>
            Plan maintenance
          </Button>
          <Button variant="quiet" onClick={() => onUntick([...ticked])}>
            Clear
          </Button>
        </Dock>
      )}
      <TickedStatesDialog states={changing} preview={actions.preview} blocked={blocked} />
      <TickedTestsDialog tests={tests} />
    </>
  );
}

function tickedBackends(farms: readonly MonitorFarm[], ticked: ReadonlySet<string>) {
  return farms.flatMap(({ id: farmId, name: farmName, backends }) =>
    backends.filter(({ id }) => ticked.has(id)).map(({ id, name }) => ({ farmId, farmName, id, name })),
  );
}
