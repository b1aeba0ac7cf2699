import { useRouter } from "next/navigation";
import { outcomeText } from "@/components/changes/outcome-text.ts";
import { useChange } from "@/components/changes/use-change.ts";
import { toast } from "@/components/ui/toast-store.ts";
import type { ChangeOutcome } from "@/server/core/change/outcome.ts";

type WayBack = {
  readonly isPending: boolean;
  /** `said`: the message when revision n was made by it */
  readonly run: (send: () => Promise<ChangeOutcome>, said: (n: number) => string) => Promise<void>;
};

/** Undo and restore are new revisions; what stands in their way is said. */
export function useWayBack(): WayBack {
  const router = useRouter();
  const change = useChange();
  return {
    isPending: change.isPending,
    async run(send, said) {
      const outcome = await change.run(send);
      if (outcome.status === "ok") toast({ title: said(outcome.n) });
      if (outcome.status === "conflict" || outcome.status === "field-errors") {
        const { title, text } = outcomeText(outcome);
        toast({ title, text, tone: "bad" });
      }
      router.refresh();
    },
  };
}
