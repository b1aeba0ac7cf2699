import { useState } from "react";
import type { PeopleOutcome } from "@/server/core/change/views.ts";

type PeopleForm = {
  readonly isPending: boolean;
  /** message of a field; "" is the form itself */
  readonly errorOf: (field: string) => string | null;
  readonly send: (action: () => Promise<PeopleOutcome>) => Promise<boolean>;
  readonly clear: () => void;
};

const unreachable: PeopleOutcome = {
  status: "refused",
  code: "storage",
  text: "The server did not answer. Try again.",
};

/** Sends a form about people or signing in; errors come back at their fields. */
export function usePeopleForm(fields: readonly string[]): PeopleForm {
  const [isPending, setPending] = useState(false);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  return {
    isPending,
    errorOf(field) {
      if (field !== "") return errors[field] ?? null;
      // what belongs to no field shown stands at the form
      const rest = Object.entries(errors).filter(([name]) => !fields.includes(name));
      return rest.length === 0 ? null : rest.map(([, text]) => text).join(" ");
    },
    async send(action) {
      setPending(true);
      const outcome = await action().catch(() => unreachable);
      setPending(false);
      if (outcome.status === "ok") setErrors({});
      if (outcome.status === "field-errors") setErrors(outcome.fieldErrors);
      if (outcome.status === "refused") setErrors({ "": outcome.text });
      return outcome.status === "ok";
    },
    clear: () => setErrors({}),
  };
}
