import { useState } from "react";
import type { FarmActions } from "@/components/changes/farm-actions.ts";
import { outcomeText } from "@/components/changes/outcome-text.ts";
import { toastUndo, useChange } from "@/components/changes/use-change.ts";
import { formatCounted } from "@/components/ui/numbers.ts";
import { type ToastTone, toast } from "@/components/ui/toast-store.ts";
import type { ChangeOutcome } from "@/server/core/change/outcome.ts";
import type { FarmView } from "@/server/core/change/views.ts";
import type { AdminState, Farm } from "@/server/core/farm/types.ts";
import type { FarmLive } from "@/server/core/metrics/live.ts";
import { type BoardRow, isLastServing } from "./board-model.ts";

/** What must be known of a backend to change its state; a row of the board has more. */
export type AdminRow = Pick<BoardRow, "backend" | "live">;

export type AdminQuestion =
  | { readonly kind: "state"; readonly row: AdminRow; readonly state: AdminState }
  | { readonly kind: "cut"; readonly row: AdminRow };

type Input = {
  readonly view: FarmView;
  readonly live: FarmLive | null;
  readonly stagedCount: number;
  readonly actions: FarmActions;
  readonly learn: (view: FarmView) => void;
};

export type AdminControl = {
  readonly question: AdminQuestion | null;
  readonly isPending: boolean;
  readonly request: (row: AdminRow, state: AdminState) => void;
  readonly cut: (row: AdminRow) => void;
  readonly confirm: () => void;
  readonly close: () => void;
};

/** Drain, resume, maintenance and cut: one click, one revision of its own, never carrying the page's draft. */
export function useAdminState({ view, live, stagedCount, actions, learn }: Input): AdminControl {
  const [question, setQuestion] = useState<AdminQuestion | null>(null);
  const change = useChange();
  const base = { farmId: view.farm.id, base: view.version };
  const left =
    stagedCount === 0
      ? undefined
      : `Your ${stagedCount === 1 ? "staged edit was" : `${stagedCount} staged edits were`} not sent along.`;

  const finish = (outcome: ChangeOutcome, farm: Farm, title: string, tone: ToastTone) => {
    setQuestion(null);
    if (outcome.status === "ok") {
      learn({ farm, version: outcome.n });
      toast({
        title,
        ...(left === undefined ? {} : { text: left }),
        tone,
        action: toastUndo(outcome, change, actions),
      });
    }
    if (outcome.status === "conflict" || outcome.status === "field-errors") {
      const side = outcome.status === "conflict" ? outcome.conflicts[0] : undefined;
      if (side?.farm && side.version !== null) learn({ farm: side.farm, version: side.version });
      const { title: problem, text } = outcomeText(outcome);
      toast({ title: problem, text: `${text} Try again.`, tone: "bad" });
    }
  };
  const setState = async (row: AdminRow, state: AdminState) => {
    const { id, name } = row.backend;
    const outcome = await change.run(() => actions.setAdminState({ ...base, states: { [id]: state } }));
    const backends = view.farm.backends.map((one) => (one.id === id ? { ...one, adminState: state } : one));
    finish(
      outcome,
      { ...view.farm, backends },
      stateTitle(name, state, row.live?.active ?? null),
      state === "drain" ? "draining" : "plain",
    );
  };
  const cut = async (row: AdminRow) => {
    const { id, name } = row.backend;
    const outcome = await change.run(() => actions.cutBackend({ ...base, backendId: id }));
    setQuestion(null);
    if (outcome.status === "ok") toast({ title: `The open connections of ${name} are being cut` });
    else if (outcome.status !== "refused" && outcome.status !== "pending") finish(outcome, view.farm, "", "plain");
  };
  return {
    question,
    isPending: change.isPending,
    request: (row, state) => {
      const closes = state !== "active" && isLastServing(view.farm, live, row.backend.id);
      if (closes) setQuestion({ kind: "state", row, state });
      else void setState(row, state);
    },
    cut: (row) => setQuestion({ kind: "cut", row }),
    confirm: () => {
      if (question?.kind === "state") void setState(question.row, question.state);
      if (question?.kind === "cut") void cut(question.row);
    },
    close: () => setQuestion(null),
  };
}

function stateTitle(name: string, state: AdminState, active: number | null): string {
  if (state === "active") return `${name} takes new connections again`;
  if (state === "maintenance") return `${name} is in maintenance`;
  return active === null ? `${name} drains` : `${name} drains, about ${formatCounted(active, "connection")} left`;
}
