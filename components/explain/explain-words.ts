/** An explanation in the words of the page: its answer in a line, and the names of its stages. Pure. */
import type { ClientExplanation, Step } from "@/server/core/explain/explain-client.ts";

export const stageWords: Readonly<Record<Step["stage"], string>> = {
  farm: "Farm",
  filters: "Filters and limits",
  memory: "Remembered clients",
  scheduler: "Scheduler",
};

type Answer = { readonly text: string; readonly certainty: string | null };

/** Who answers, and how sure that is. */
export function answerOf({ verdict, farm, backend, candidates }: ClientExplanation): Answer {
  if (farm === null) return { text: "No farm answers", certainty: null };
  if (backend !== null)
    return {
      text: `${backend.name}, ${backend.address} port ${backend.port}`,
      certainty: certainties[verdict] ?? null,
    };
  if (verdict === "denied") return { text: "Turned away by a filter", certainty: null };
  if (verdict === "refused") return { text: "No backend", certainty: null };
  return { text: `One of ${candidates.length} backends`, certainty: openings[verdict] ?? null };
}

const certainties: Partial<Record<ClientExplanation["verdict"], string>> = {
  pinned: "by a pin",
  sticky: "remembered",
  hash: "by its hash, each time the same",
};

const openings: Partial<Record<ClientExplanation["verdict"], string>> = {
  turn: "the next in turn",
  chance: "by chance",
  "kernel-hash": "by a hash that is not known from outside",
};

/** Steps of one stage that follow each other stand together. */
export function stagesOf(steps: readonly Step[]): { stage: Step["stage"]; steps: Step[] }[] {
  const stages: { stage: Step["stage"]; steps: Step[] }[] = [];
  for (const step of steps) {
    const last = stages.at(-1);
    if (last?.stage === step.stage) last.steps.push(step);
    else stages.push({ stage: step.stage, steps: [step] });
  }
  return stages;
}
