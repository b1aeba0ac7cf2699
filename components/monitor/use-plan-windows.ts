import { useRouter } from "next/navigation";
import { useState } from "react";
import { lostOutcome, outcomeText } from "@/components/changes/outcome-text.ts";
import { toast } from "@/components/ui/toast-store.ts";
import type { ChangeOutcome } from "@/server/core/change/outcome.ts";
import type { FarmView } from "@/server/core/change/views.ts";
import type { Farm } from "@/server/core/farm/types.ts";
import { type ListedWindow, type WindowDraft, type WindowTarget, withoutWindow, withWindow } from "./window-model.ts";

export type SaveFarm = (input: { farm: unknown; base: number | null }) => Promise<ChangeOutcome>;

type PlanWindows = {
  readonly isPending: boolean;
  /** true when every farm took it */
  readonly plan: (targets: readonly WindowTarget[], draft: WindowDraft) => Promise<boolean>;
  readonly remove: (listed: ListedWindow) => Promise<void>;
};

/** One revision a farm, on the farm as it is now: what somebody else changed meanwhile stays. */
export function usePlanWindows(saveFarm: SaveFarm): PlanWindows {
  const router = useRouter();
  const [isPending, setPending] = useState(false);

  async function changeEach(farmIds: readonly string[], change: (farm: Farm) => Farm): Promise<string[]> {
    setPending(true);
    const problems: string[] = [];
    for (const farmId of farmIds) problems.push(...(await changeOne(saveFarm, farmId, change)));
    setPending(false);
    router.refresh();
    return problems;
  }

  return {
    isPending,
    async plan(targets, draft) {
      const byId = new Map(targets.map((target) => [target.farmId, target]));
      const problems = await changeEach([...byId.keys()], (farm) => {
        const target = byId.get(farm.id);
        return target === undefined ? farm : withWindow(farm, target, draft, Date.now());
      });
      const done = targets.length - problems.length;
      if (problems.length === 0) toast({ title: done === 1 ? "Maintenance is planned" : `Planned in ${done} farms` });
      else toast({ title: `Planned in ${done} of ${targets.length} farms`, text: problems.join(" "), tone: "bad" });
      return problems.length === 0;
    },
    async remove({ farm, window, phase }) {
      const problems = await changeEach([farm.id], (each) => withoutWindow(each, window, Date.now()));
      const done = phase === "current" ? "The window is over" : "The window is gone";
      if (problems.length === 0) toast({ title: done });
      else toast({ title: "Not applied", text: problems.join(" "), tone: "bad" });
    },
  };
}

async function changeOne(saveFarm: SaveFarm, farmId: string, change: (farm: Farm) => Farm): Promise<string[]> {
  const answer = await fetch(`/api/farms/${farmId}`, { cache: "no-store" }).catch(() => null);
  if (answer === null || !answer.ok) return ["The server did not answer."];
  const { farm, version } = (await answer.json()) as FarmView;
  const outcome = await saveFarm({ farm: change(farm), base: version }).catch((): ChangeOutcome => lostOutcome);
  return outcome.status === "ok" ? [] : [`${farm.name}: ${outcomeText(outcome).text}`];
}
