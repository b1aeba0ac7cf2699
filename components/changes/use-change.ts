import { useState } from "react";
import { type ToastAction, toast, toasts } from "@/components/ui/toast-store.ts";
import type { ChangeOutcome } from "@/server/core/change/outcome.ts";
import type { FarmActions } from "./farm-actions.ts";
import { lostOutcome, outcomeText } from "./outcome-text.ts";

export type Change = {
  readonly isPending: boolean;
  /** Sends one change. Says what went wrong by a toast, except conflicts and field errors, which have a place of their own. */
  run(send: () => Promise<ChangeOutcome>): Promise<ChangeOutcome>;
};

export function useChange(): Change {
  const [isPending, setPending] = useState(false);
  return {
    isPending,
    async run(send) {
      setPending(true);
      const outcome = await send().catch((): ChangeOutcome => lostOutcome);
      setPending(false);
      if (outcome.status === "ok") toasts.outdate(outcome);
      if (outcome.status === "refused" || outcome.status === "pending") {
        const { title, text, tone } = outcomeText(outcome);
        toast({ title, text, tone: tone === "bad" ? "bad" : "plain" });
      }
      return outcome;
    },
  };
}

/** The way back of an applied change, as a toast's one action: undo is a new revision. */
export function toastUndo(
  outcome: Extract<ChangeOutcome, { status: "ok" }>,
  change: Change,
  actions: FarmActions,
): ToastAction {
  const { epoch, n, farmId } = outcome;
  return {
    label: "Undo",
    undoes: { farmId, epoch, n },
    onSelect: () => void change.run(() => actions.undoRevision({ epoch, n })).then(sayUndo),
  };
}

function sayUndo(outcome: ChangeOutcome): void {
  if (outcome.status === "ok") toast({ title: `Undone by revision ${outcome.n}` });
  if (outcome.status === "conflict") {
    const { title } = outcomeText(outcome);
    toast({ title, text: "It changed again since; its history can restore any earlier state.", tone: "bad" });
  }
}
