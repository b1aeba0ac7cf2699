/** What people read when a change was not applied, or not known to be. Pure: the toast and the dialogs draw it. */
import type { ChangeOutcome } from "@/server/core/change/outcome.ts";

export type OutcomeText = {
  readonly tone: "bad" | "wait";
  readonly title: string;
  readonly text: string;
};

type NotApplied = Exclude<ChangeOutcome, { status: "ok" }>;

export function outcomeText(outcome: NotApplied): OutcomeText {
  switch (outcome.status) {
    case "refused":
      return { tone: "bad", title: refusedTitle(outcome.code), text: outcome.text };
    case "conflict":
      return { tone: "bad", title: conflictTitle(outcome), text: conflictText(outcome) };
    case "field-errors":
      return { tone: "bad", title: "Not applied: some fields need a look", text: firstError(outcome.fieldErrors) };
    case "pending":
      return { tone: "wait", title: "Outcome not known yet", text: outcome.text };
  }
}

/** The connection to the web server broke: whether the change arrived cannot be known from here. */
export const lostOutcome: NotApplied = {
  status: "pending",
  uuid: "",
  text: "The server did not answer. Reload the page to see whether the change was applied.",
};

function refusedTitle(code: string): string {
  if (code === "kernel-refused") return "Not applied: the kernel refused it";
  if (code === "agent-down") return "Not applied: the agent does not answer";
  if (code === "not-allowed") return "Not applied: not allowed";
  if (code === "busy") return "Not applied: too many changes at once";
  return "Not applied";
}

function conflictTitle({ conflicts }: Extract<NotApplied, { status: "conflict" }>): string {
  return `Not applied: the ${conflicts.length > 0 ? "farm" : "list"} changed meanwhile`;
}

function conflictText(outcome: Extract<NotApplied, { status: "conflict" }>): string {
  const by = (outcome.conflicts[0] ?? outcome.lists[0])?.by ?? null;
  return by === null ? "Someone else changed it since you began." : `${by} changed it since you began.`;
}

function firstError(fieldErrors: Readonly<Record<string, string>>): string {
  const [path, message] = Object.entries(fieldErrors)[0] ?? ["", "Nothing was changed."];
  return path === "" ? message : `${path}: ${message}`;
}
