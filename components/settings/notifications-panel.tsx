"use client";

import { BellPlus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { DataTable, Th } from "@/components/ui/data-table.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { formatCounted } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import type { TargetView } from "@/server/core/notify/target.ts";
import type { Untold } from "@/server/core/notify/untold.ts";
import type { NotificationActions } from "./notification-actions.ts";
import { RemoveTarget } from "./remove-target.tsx";
import { TargetDialog } from "./target-dialog.tsx";
import type { FarmName } from "./target-draft.ts";
import { TargetRow } from "./target-row.tsx";
import { TestAnswer, useTargetTest } from "./target-test.tsx";
import { UntoldList } from "./untold-list.tsx";
import { useRereadWhileWaiting } from "./use-reread-while-waiting.ts";

type NotificationsPanelProps = {
  readonly targets: readonly TargetView[];
  readonly untold: readonly Untold[];
  readonly farms: readonly FarmName[];
  /** null = who is looking only reads */
  readonly actions: NotificationActions | null;
};

type Open = { readonly kind: "edit" | "remove"; readonly target: TargetView } | { readonly kind: "add" };

/** Who is told of events, how that goes, and what nobody was told of. */
export function NotificationsPanel({ targets, untold, farms, actions }: NotificationsPanelProps) {
  const [open, setOpen] = useState<Open | null>(null);
  const test = useTargetTest(actions?.test ?? null);
  const close = () => setOpen(null);
  useRereadWhileWaiting(targets, untold);
  return (
    <Panel
      title="Notifications"
      meta={targets.length === 0 ? undefined : formatCounted(targets.length, "target")}
      actions={
        actions === null ? undefined : (
          <Button onClick={() => setOpen({ kind: "add" })}>
            <BellPlus aria-hidden className="size-4" strokeWidth={1.5} />
            Add target
          </Button>
        )
      }
    >
      {targets.length === 0 ? (
        <EmptyState title="Nobody is told when something fails">
          A target is a webhook, a mail address or an Alertmanager.{" "}
          {actions === null ? "An administrator adds it." : null}
        </EmptyState>
      ) : (
        <DataTable label="Notification targets" comfort>
          <thead>
            <tr>
              <Th>Name</Th>
              <Th>Goes to</Th>
              <Th>State</Th>
              <Th num>Waiting</Th>
              <Th>Last taken</Th>
              <Th>
                <span className="sr-only">Actions</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {targets.map((target) => (
              <TargetRow
                key={target.id}
                target={target}
                canChange={actions !== null}
                isTesting={test.testing === target.id}
                onTest={() => void test.run(target)}
                onEdit={() => setOpen({ kind: "edit", target })}
                onRemove={() => setOpen({ kind: "remove", target })}
              />
            ))}
          </tbody>
        </DataTable>
      )}
      <TestAnswer answer={test.answer} />
      {targets.length === 0 && untold.length === 0 ? null : <UntoldList untold={untold} />}
      {actions === null || open === null ? null : open.kind === "remove" ? (
        <RemoveTarget target={open.target} remove={actions.remove} onClose={close} />
      ) : (
        <TargetDialog
          target={open.kind === "edit" ? open.target : null}
          farms={farms}
          save={actions.save}
          onClose={close}
        />
      )}
    </Panel>
  );
}
