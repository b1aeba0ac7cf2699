import type { PreviewAction } from "@/components/changes/farm-actions.ts";
import { ReviewDialog } from "@/components/changes/review-dialog.tsx";
import { Note } from "@/components/ui/note.tsx";
import { planConfirm, planTitle } from "./ticked-states.ts";
import type { TickedStates } from "./use-ticked-states.ts";

type TickedStatesDialogProps = {
  readonly states: TickedStates;
  readonly preview: PreviewAction;
  readonly blocked: string | null;
};

/** What will happen in which farm, before it does. */
export function TickedStatesDialog({ states, preview, blocked }: TickedStatesDialogProps) {
  const { question, isPending, apply, close } = states;
  if (question === null) return null;
  const { plan, refused } = question;
  const isNothing = plan.steps.length === 0;
  return (
    <ReviewDialog
      // another plan begins anew: what was typed for the last one does not count
      key={JSON.stringify(plan.steps.map(({ operation }) => operation))}
      open
      onClose={close}
      title={isNothing ? "Nothing to change" : `${planTitle(plan)}?`}
      operations={isNothing ? null : plan.steps.map(({ operation }) => operation)}
      previewAction={preview}
      backendNames={plan.steps.flatMap(({ farm }) => farm.backends.map(({ name }) => name))}
      confirm={planConfirm(plan)}
      blocked={isNothing ? "There is nothing to change" : blocked}
      backLabel="Cancel"
      applyLabel={plan.steps.length === 1 ? "Apply" : `Apply to ${plan.steps.length} farms`}
      pending={isPending}
      onApply={() => void apply()}
    >
      {refused.length === 0 ? null : (
        <Note tone="bad">
          <p>Not applied. Here they are as they are now:</p>
          <ul>
            {refused.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Note>
      )}
      {plan.leftOut.length === 0 ? null : (
        <Note>
          <p>Not changed: {plan.leftOut.join("; ")}.</p>
        </Note>
      )}
    </ReviewDialog>
  );
}
