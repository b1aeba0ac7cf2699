"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm.tsx";
import { FieldError } from "@/components/ui/field.tsx";
import { toast } from "@/components/ui/toast-store.ts";
import type { TargetView } from "@/server/core/notify/target.ts";
import type { NotificationActions } from "./notification-actions.ts";

type RemoveTargetProps = {
  readonly target: TargetView;
  readonly remove: NotificationActions["remove"];
  readonly onClose: () => void;
};

export function RemoveTarget({ target, remove, onClose }: RemoveTargetProps) {
  const router = useRouter();
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  async function confirm(): Promise<void> {
    setPending(true);
    const outcome = await remove(target.id).catch(() => null);
    setPending(false);
    if (outcome?.status !== "ok") {
      setProblem(outcome?.status === "refused" ? outcome.text : "The server did not answer. Try again.");
      return;
    }
    toast({ title: `${target.name} is removed` });
    router.refresh();
    onClose();
  }
  const { events } = target.waiting;
  return (
    <ConfirmDialog
      open
      title={`Remove ${target.name}?`}
      action="Remove"
      pending={isPending}
      onClose={onClose}
      onConfirm={() => void confirm()}
    >
      It is told of nothing any more.{" "}
      {events === 0 ? null : `${events} ${events === 1 ? "event waits" : "events wait"} for it and will not be told.`}
      <span role="alert">{problem === null ? null : <FieldError>{problem}</FieldError>}</span>
    </ConfirmDialog>
  );
}
