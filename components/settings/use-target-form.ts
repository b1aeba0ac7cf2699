import { useState } from "react";
import type { NotificationActions } from "./notification-actions.ts";
import { type FarmName, fieldOf, inputOf, type TargetDraft } from "./target-draft.ts";

type TargetForm = {
  readonly isPending: boolean;
  readonly errorOf: (field: string) => string | null;
  /** what belongs to no field */
  readonly problem: string | null;
  readonly send: (draft: TargetDraft) => Promise<boolean>;
};

/** Sends a target; errors come back at their fields. */
export function useTargetForm(farms: readonly FarmName[], save: NotificationActions["save"]): TargetForm {
  const [isPending, setPending] = useState(false);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  async function outcomeOf(draft: TargetDraft): Promise<Readonly<Record<string, string>>> {
    const input = inputOf(draft, farms);
    if ("unknown" in input) return { farms: `There is no farm ${input.unknown.join(", ")}` };
    const outcome = await save(input).catch(() => null);
    if (outcome === null) return { "": "The server did not answer. Try again." };
    if (outcome.status === "refused") return { "": outcome.text };
    if (outcome.status === "ok") return {};
    return Object.fromEntries(Object.entries(outcome.fieldErrors).map(([path, text]) => [fieldOf(path), text]));
  }
  return {
    isPending,
    errorOf: (field) => errors[field] ?? null,
    problem: errors[""] ?? null,
    async send(draft) {
      if (isPending) return false;
      setPending(true);
      const found = await outcomeOf(draft);
      setPending(false);
      setErrors(found);
      return Object.keys(found).length === 0;
    },
  };
}
