import { useState } from "react";
import { toast } from "@/components/ui/toast-store.ts";
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
      if (outcome.status === "refused" || outcome.status === "pending") {
        const { title, text, tone } = outcomeText(outcome);
        toast({ title, text, tone: tone === "bad" ? "bad" : "plain" });
      }
      return outcome;
    },
  };
}

/** "Revision 12 is applied" with its way back: undo is a new revision. */
export function toastApplied(
  outcome: Extract<ChangeOutcome, { status: "ok" }>,
  text: string,
  undo: Change,
  actions: FarmActions,
) {
  toast({
    title: `Applied as revision ${outcome.n}`,
    text,
    action: {
      label: "Undo",
      onSelect: () => void undo.run(() => actions.undoRevision({ epoch: outcome.epoch, n: outcome.n })).then(sayUndo),
    },
  });
}

function sayUndo(outcome: ChangeOutcome): void {
  if (outcome.status === "ok") toast({ title: `Undone by revision ${outcome.n}` });
  if (outcome.status === "conflict") {
    const { title } = outcomeText(outcome);
    toast({ title, text: "It can no longer be undone by one step; see the history.", tone: "bad" });
  }
}
