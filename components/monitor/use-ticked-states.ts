import { useRouter } from "next/navigation";
import { useState } from "react";
import type { FarmActions } from "@/components/changes/farm-actions.ts";
import { lostOutcome, outcomeText } from "@/components/changes/outcome-text.ts";
import { toast, toasts } from "@/components/ui/toast-store.ts";
import type { ChangeOutcome } from "@/server/core/change/outcome.ts";
import type { FarmView } from "@/server/core/change/views.ts";
import type { AdminState } from "@/server/core/farm/types.ts";
import { planStates, planTitle, type StatesPlan, type StatesStep, type TickedFarm } from "./ticked-states.ts";

type TickedQuestion = {
  readonly plan: StatesPlan;
  /** of the last try, one a farm: those are what the plan is about now */
  readonly refused: readonly string[];
};

export type TickedStates = {
  readonly question: TickedQuestion | null;
  readonly isPending: boolean;
  readonly ask: (state: AdminState, farms: readonly TickedFarm[]) => Promise<void>;
  readonly apply: () => Promise<void>;
  readonly close: () => void;
};

type Input = {
  readonly setState: FarmActions["setAdminState"];
  readonly serves: (backendId: string) => boolean;
  /** these were changed: they need no tick any more */
  readonly onDone: (backendIds: readonly string[]) => void;
};

/** Reviewed, then one change a farm. Whatever a farm refuses is named, and reviewed again on the farm as it is by then. */
export function useTickedStates({ setState, serves, onDone }: Input): TickedStates {
  const router = useRouter();
  const [question, setQuestion] = useState<TickedQuestion | null>(null);
  const [isPending, setPending] = useState(false);

  async function ask(state: AdminState, farms: readonly TickedFarm[], refused: readonly string[] = []): Promise<void> {
    setPending(true);
    const views = await readViews(farms.map(({ id }) => id));
    setPending(false);
    if (views === null)
      toast({ title: "The farms could not be read", text: "The server did not answer.", tone: "bad" });
    else setQuestion({ plan: planStates(state, farms, views, serves), refused });
  }

  async function apply(): Promise<void> {
    if (question === null) return;
    const { steps, state } = question.plan;
    setPending(true);
    const refused: { readonly step: StatesStep; readonly text: string }[] = [];
    for (const step of steps) {
      const problem = await applyOne(setState, step);
      if (problem === null) onDone(Object.keys(step.operation.states));
      else refused.push({ step, text: `${step.farm.name}: ${problem}` });
    }
    setPending(false);
    router.refresh();
    if (refused.length === 0) {
      setQuestion(null);
      toast({ title: `Done: ${planTitle(question.plan)}`, tone: state === "drain" ? "draining" : "plain" });
      return;
    }
    const left = refused.map(({ step: { farm, operation } }) => {
      return { id: farm.id, name: farm.name, backendIds: Object.keys(operation.states) };
    });
    await ask(
      state,
      left,
      refused.map(({ text }) => text),
    );
  }

  return { question, isPending, ask, apply, close: () => setQuestion(null) };
}

/** null = applied */
async function applyOne(
  setState: FarmActions["setAdminState"],
  { version: base, operation }: StatesStep,
): Promise<string | null> {
  const { farmId, states } = operation;
  const outcome = await setState({ farmId, base, states }).catch((): ChangeOutcome => lostOutcome);
  if (outcome.status !== "ok") return outcomeText(outcome).text;
  toasts.outdate(outcome);
  return null;
}

const readTogether = 8;

/** Farms that are gone are missing; null = the server did not answer. */
async function readViews(farmIds: readonly string[]): Promise<Map<string, FarmView> | null> {
  const views = new Map<string, FarmView>();
  for (let at = 0; at < farmIds.length; at += readTogether) {
    const some = farmIds.slice(at, at + readTogether);
    const answers = await Promise.all(
      some.map((id) => fetch(`/api/farms/${id}`, { cache: "no-store" }).catch(() => null)),
    );
    for (const answer of answers) {
      if (answer === null || (!answer.ok && answer.status !== 404)) return null;
      if (!answer.ok) continue;
      const view = (await answer.json()) as FarmView;
      views.set(view.farm.id, view);
    }
  }
  return views;
}
