import { useRouter } from "next/navigation";
import { outcomeText } from "@/components/changes/outcome-text.ts";
import { useChange } from "@/components/changes/use-change.ts";
import { toast } from "@/components/ui/toast-store.ts";
import type { ChangeOutcome } from "@/server/core/change/outcome.ts";
import type { FarmView } from "@/server/core/change/views.ts";

export type SetEnabled = (input: { farmId: string; base: number; enabled: boolean }) => Promise<ChangeOutcome>;

type SetEnabledControl = {
  readonly isPending: boolean;
  readonly run: (view: FarmView, enabled: boolean) => Promise<boolean>;
};

/** Stops or starts a farm: one click, one revision. */
export function useSetEnabled(setEnabled: SetEnabled): SetEnabledControl {
  const router = useRouter();
  const change = useChange();
  return {
    isPending: change.isPending,
    async run({ farm, version }, enabled) {
      const outcome = await change.run(() => setEnabled({ farmId: farm.id, base: version, enabled }));
      if (outcome.status === "conflict" || outcome.status === "field-errors") {
        const { title, text } = outcomeText(outcome);
        toast({ title, text, tone: "bad" });
      }
      router.refresh();
      return outcome.status === "ok";
    },
  };
}
