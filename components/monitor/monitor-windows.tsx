"use client";

import { useState } from "react";
import { Dock } from "@/components/changes/dock.tsx";
import { Button } from "@/components/ui/button.tsx";
import { formatCount } from "@/components/ui/numbers.ts";
import type { MonitorFarm } from "./monitor-brief.ts";
import { type SaveFarm, usePlanWindows } from "./use-plan-windows.ts";
import { WindowDialog } from "./window-dialog.tsx";
import { listWindows, targetsOf, targetText, type WindowTarget } from "./window-model.ts";
import { WindowsPanel } from "./windows-panel.tsx";

type MonitorWindowsProps = {
  readonly farms: readonly MonitorFarm[];
  readonly ticked: ReadonlySet<string>;
  readonly onClear: () => void;
  readonly nowMs: number | null;
  readonly isLost: boolean;
  /** null = may only read */
  readonly saveFarm: SaveFarm | null;
};

type Question = { readonly targets: readonly WindowTarget[]; readonly isChoice: boolean };

/** Windows of all farms, and the bar that plans one for what is ticked. */
export function MonitorWindows(props: MonitorWindowsProps) {
  const { farms, nowMs, saveFarm } = props;
  // before the first values the reader's own clock is near enough
  const listed = listWindows(farms, nowMs ?? Date.now());
  if (saveFarm === null) return <WindowsPanel listed={listed} onRemove={null} onPlan={null} blocked={null} />;
  return <Planning {...props} saveFarm={saveFarm} listed={listed} />;
}

type PlanningProps = MonitorWindowsProps & {
  readonly saveFarm: SaveFarm;
  readonly listed: ReturnType<typeof listWindows>;
};

function Planning({ farms, ticked, onClear, isLost, saveFarm, listed }: PlanningProps) {
  const [question, setQuestion] = useState<Question | null>(null);
  const plan = usePlanWindows(saveFarm);
  const blocked = isLost ? "The agent does not answer" : plan.isPending ? "A change is under way" : null;
  const targets = targetsOf(farms, ticked);
  const whole = farms.map(({ id, name }) => ({ farmId: id, farmName: name, backendNames: null }));
  return (
    <>
      <WindowsPanel
        listed={listed}
        onRemove={(each) => void plan.remove(each)}
        onPlan={() => setQuestion({ targets: whole, isChoice: true })}
        blocked={blocked}
      />
      {targets.length === 0 ? null : (
        <Dock label="Ticked backends">
          <b className="font-medium">{formatCount(ticked.size)} ticked</b>
          <span className="min-w-0 truncate text-small text-ink-3">{targetText(targets)}</span>
          <span className="flex-1" />
          <Button disabledReason={blocked} onClick={() => setQuestion({ targets, isChoice: false })}>
            Plan maintenance
          </Button>
          <Button variant="quiet" onClick={onClear}>
            Clear
          </Button>
        </Dock>
      )}
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
            if (!question.isChoice) onClear();
          }}
        />
      )}
    </>
  );
}
