"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import type { FarmActions } from "@/components/changes/farm-actions.ts";
import { outcomeText } from "@/components/changes/outcome-text.ts";
import { toastUndo, useChange } from "@/components/changes/use-change.ts";
import { useFarmLive } from "@/components/live/use-live.ts";
import { Button, ButtonLink } from "@/components/ui/button.tsx";
import { ConfirmByName } from "@/components/ui/confirm.tsx";
import { formatCounted } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { toast } from "@/components/ui/toast-store.ts";
import type { FarmView, Role } from "@/server/core/change/views.ts";
import { isTracked } from "@/server/core/farm/forwarding.ts";

type DangerZoneProps = { readonly view: FarmView; readonly role: Role; readonly actions: FarmActions };

export function DangerZone({ view, role, actions }: DangerZoneProps) {
  const { farm, version } = view;
  const [isAsking, setAsking] = useState(false);
  const change = useChange();
  const router = useRouter();
  const active = useFarmLive(farm.id)?.active ?? null;
  const blocked = role === "viewer" ? "Viewers cannot change farms" : null;
  const remove = async () => {
    const outcome = await change.run(() => actions.removeFarm({ farmId: farm.id, base: version }));
    setAsking(false);
    if (outcome.status === "conflict" || outcome.status === "field-errors") {
      toast({ ...outcomeText(outcome), text: "Look at it again, then delete.", tone: "bad" });
      router.refresh();
    }
    if (outcome.status !== "ok") return;
    toast({
      title: `${farm.name} is deleted`,
      text: `Revision ${outcome.n}.`,
      action: toastUndo(outcome, change, actions),
    });
    router.push("/farms");
  };
  return (
    <Panel title="Copy and delete" className="max-w-[1080px]">
      <div className="flex flex-wrap items-center gap-3 border-b border-line px-3.5 py-3">
        <div className="min-w-0 flex-1 basis-64">
          <b className="font-medium">Duplicate</b>
          <p className="text-small text-ink-3">
            A new farm with these settings and backends, and an address of its own.
          </p>
        </div>
        {blocked === null ? (
          <ButtonLink className="max-w-full" href={`/farms/new?from=${farm.id}`}>
            <span className="truncate">Duplicate {farm.name}</span>
          </ButtonLink>
        ) : (
          <Button className="max-w-full" disabledReason={blocked}>
            <span className="truncate">Duplicate {farm.name}</span>
          </Button>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-3 px-3.5 py-3">
        <div className="min-w-0 flex-1 basis-64">
          <b className="font-medium">Delete</b>
          <p className="text-small text-ink-3">
            {farm.addresses.join(", ")} no longer answers. Open connections {isTracked(farm) ? "go on" : "end"}.
          </p>
        </div>
        <Button className="max-w-full" variant="danger" disabledReason={blocked} onClick={() => setAsking(true)}>
          <span className="truncate">Delete {farm.name}</span>
        </Button>
      </div>
      <ConfirmByName
        open={isAsking}
        onClose={() => setAsking(false)}
        name={farm.name}
        title={`Delete ${farm.name}?`}
        action={`Delete ${farm.name}`}
        pending={change.isPending}
        onConfirm={() => void remove()}
      >
        New connections to {farm.addresses.join(", ")} are no longer answered here.
        {active === null || active === 0
          ? null
          : ` ${formatCounted(active, "connection")} ${active === 1 ? "is" : "are"} open now.`}{" "}
        It can be undone as a new revision.
      </ConfirmByName>
    </Panel>
  );
}
