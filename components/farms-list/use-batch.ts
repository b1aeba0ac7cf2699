import { useRouter } from "next/navigation";
import { useState } from "react";
import { outcomeText } from "@/components/changes/outcome-text.ts";
import type { FarmBrief } from "@/components/overview/farm-brief.ts";
import { toast } from "@/components/ui/toast-store.ts";
import type { ChangeOutcome } from "@/server/core/change/outcome.ts";

export type ListActions = {
  setEnabled(input: { farmId: string; base: number; enabled: boolean }): Promise<ChangeOutcome>;
  removeFarm(input: { farmId: string; base: number }): Promise<ChangeOutcome>;
};
export type BatchVerb = "start" | "stop" | "remove";

type Batch = {
  /** how many are done while it runs; null = not running */
  readonly done: number | null;
  readonly run: (verb: BatchVerb, farms: readonly FarmBrief[]) => Promise<void>;
};

const busyPauseMs = 400;
const busyTriesMax = 12;
const past: Record<BatchVerb, string> = { start: "started", stop: "stopped", remove: "deleted" };

/** One revision per farm, one after the other; a busy agent is waited for, anything else is said with the farm's name. */
export function useBatch(actions: ListActions): Batch {
  const router = useRouter();
  const [done, setDone] = useState<number | null>(null);
  return {
    done,
    async run(verb, farms) {
      const problems: string[] = [];
      setDone(0);
      for (const [index, farm] of farms.entries()) {
        const outcome = await sendPatiently(() => send(actions, verb, farm));
        if (outcome.status !== "ok") problems.push(`${farm.name}: ${outcomeText(outcome).text}`);
        setDone(index + 1);
      }
      setDone(null);
      report(verb, farms.length, problems);
      router.refresh();
    },
  };
}

function send(actions: ListActions, verb: BatchVerb, farm: FarmBrief): Promise<ChangeOutcome> {
  const base = { farmId: farm.id, base: farm.version };
  return verb === "remove" ? actions.removeFarm(base) : actions.setEnabled({ ...base, enabled: verb === "start" });
}

async function sendPatiently(sendOnce: () => Promise<ChangeOutcome>): Promise<ChangeOutcome> {
  for (let tries = 1; ; tries++) {
    const outcome = await sendOnce().catch(
      (): ChangeOutcome => ({ status: "refused", code: "storage", text: "The server did not answer.", retry: true }),
    );
    const isBusy = outcome.status === "refused" && outcome.code === "busy";
    if (!isBusy || tries >= busyTriesMax) return outcome;
    await new Promise((resolve) => setTimeout(resolve, busyPauseMs));
  }
}

function report(verb: BatchVerb, count: number, problems: readonly string[]): void {
  const ok = count - problems.length;
  if (problems.length === 0) toast({ title: `${count === 1 ? "1 farm" : `${count} farms`} ${past[verb]}` });
  else
    toast({
      title: `${ok} of ${count} farms ${past[verb]}`,
      text: `${problems.slice(0, 3).join(" ")}${problems.length > 3 ? ` And ${problems.length - 3} more.` : ""}`,
      tone: "bad",
    });
}
