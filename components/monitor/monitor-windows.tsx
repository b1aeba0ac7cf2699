"use client";

import { useState } from "react";
import type { FarmActions } from "@/components/changes/farm-actions.ts";
import type { MonitorFarm } from "./monitor-brief.ts";
import { TickedDock } from "./ticked-dock.tsx";
import { usePlanWindows } from "./use-plan-windows.ts";
import { WindowDialog } from "./window-dialog.tsx";
import { listWindows, targetsOf, type WindowTarget } from "./window-model.ts";
import { WindowsPanel } from "./windows-panel.tsx";

type MonitorWindowsProps = {
  readonly farms: readonly MonitorFarm[];
  readonly ticked: ReadonlySet<string>;
  readonly onUntick: (backendIds: readonly string[]) => void;
  readonly nowMs: number | null;
  readonly isLost: boolean;
  /** null = may only read */
  readonly actions: MonitorActions | null;
};

export type MonitorActions = Pick<FarmActions, "preview" | "saveFarm" | "setAdminState">;

type Question = { readonly targets: readonly WindowTarget[]; readonly isChoice: boolean };

/** Windows of all farms, and the bar for what is ticked. */
export function MonitorWindows(props: MonitorWindowsProps) {
  const { farms, nowMs, actions } = props;
  // before the first values the reader's own clock is near enough
  const listed = listWindows(farms, nowMs ?? Date.now());
  if (actions === null) return <WindowsPanel listed={listed} onRemove={null} onPlan={null} blocked={null} />;
  return <Planning {...props} actions={actions} listed={listed} />;
}

type PlanningProps = MonitorWindowsProps & {
  readonly actions: MonitorActions;
  readonly listed: ReturnType<typeof listWindows>;
};

function Planning({ farms, ticked, onUntick, isLost, actions, listed }: PlanningProps) {
  const [question, setQuestion] = useState<Question | null>(null);
  const plan = usePlanWindows(actions.saveFarm);
  const blocked = isLost ? "The agent does not answer" : plan.isPending ? "A change is under way" : null;
  const whole = farms.map(({ id, name }) => ({ farmId: id, farmName: name, backendNames: null }));
  return (
    <>
      <WindowsPanel
        listed={listed}
        onRemove={(each) => void plan.remove(each)}
        onPlan={() => setQuestion({ targets: whole, isChoice: true })}
        blocked={blocked}
      />
      <TickedDock
        {...{ farms, ticked, actions, blocked, onUntick }}
        onPlan={() => setQuestion({ targets: targetsOf(farms, ticked), isChoice: false })}
      />
      {question === null ? null : (
        <WindowDialog
          {...question}
          isPending={plan.isPending}
          blocked={blocked}
          onClose={() => setQuestion(null)}
          onPlan={async (chosen, draft) => {
            const isDone = await plan.plan(chosen, draft);
            if (!isDone) return;
            setQuestion(null);
            if (!question.isChoice) onUntick([...ticked]);
          }}
        />
      )}
    </>
  );
}
