/** Failures and the agent's answers in the words of a page: field errors, conflict, refused, pending. */
import type { ChangeOutcome, ConflictSide, ListConflictSide } from "../core/change/outcome.ts";
import type { Failure, Issue } from "../core/result.ts";
import type { ChangeAnswer } from "../wire/agent.ts";

export type NotOk = Exclude<ChangeOutcome, { status: "ok" }>;

/** A failure whose issues name fields goes to the fields, every other one is a sentence. */
export function fromFailure(failure: Failure): NotOk {
  const issues = failure.issues ?? [];
  if ((failure.code === "invalid" || failure.code === "unsupported") && issues.length > 0)
    return { status: "field-errors", fieldErrors: fieldErrors(issues) };
  return { status: "refused", code: failure.code, text: failure.text, retry: failure.retry };
}

/** The first message of each path; paths as in the farm document, whatever wrapped it on the wire. */
function fieldErrors(issues: readonly Issue[]): Readonly<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const { path, message } of issues) {
    const field = path.replace(/^operations\[[0-9]+\]\.?/, "").replace(/^(farm|list)(\.|$)/, "");
    if (!Object.hasOwn(out, field)) out[field] = message;
  }
  return out;
}

export function conflictSides(answer: Extract<ChangeAnswer, { outcome: "conflict" }>): readonly ConflictSide[] {
  return answer.conflicts.map(({ actor, ...side }) => ({ ...side, by: actor?.name ?? null }));
}

export function listSides(answer: Extract<ChangeAnswer, { outcome: "conflict" }>): readonly ListConflictSide[] {
  return answer.lists.map(({ actor, ...side }) => ({ ...side, by: actor?.name ?? null }));
}

/** One sentence for the Change row of a conflict. */
export function conflictText(farms: readonly ConflictSide[], lists: readonly ListConflictSide[]): string {
  const sides = [...farms, ...lists];
  const names = [
    ...farms.map((side) => side.farm?.name ?? "a removed farm"),
    ...lists.map((side) => (side.list === null ? "a removed list" : `list ${side.list.name}`)),
  ];
  const by = sides.find((side) => side.by !== null)?.by ?? null;
  return `${names.join(", ")} changed meanwhile${by === null ? "" : ` by ${by}`}; nothing was changed`;
}

export const pendingText = "The agent has not answered in time: the outcome is not known yet and is asked for again";
export const agentDownText = "The agent does not answer; nothing was changed";
