import { useRouter } from "next/navigation";
import { outcomeText } from "@/components/changes/outcome-text.ts";
import { useChange } from "@/components/changes/use-change.ts";
import { toast } from "@/components/ui/toast-store.ts";
import type { ChangeOutcome } from "@/server/core/change/outcome.ts";

type Undo = (input: { epoch: number; n: number }) => Promise<ChangeOutcome>;
type UndoControl = {
  readonly isPending: boolean;
  readonly run: (revision: { readonly epoch: number; readonly n: number }) => Promise<void>;
};

/** Undo is a new revision; what stands in its way is said. */
export function useUndo(undo: Undo): UndoControl {
  const router = useRouter();
  const change = useChange();
  return {
    isPending: change.isPending,
    async run({ epoch, n }) {
      const outcome = await change.run(() => undo({ epoch, n }));
      if (outcome.status === "ok") toast({ title: `Revision ${n} is undone by revision ${outcome.n}` });
      if (outcome.status === "conflict" || outcome.status === "field-errors") {
        const { title, text } = outcomeText(outcome);
        toast({ title, text, tone: "bad" });
      }
      router.refresh();
    },
  };
}
