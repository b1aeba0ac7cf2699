import { useRouter } from "next/navigation";
import { type RefObject, useState } from "react";
import type { FarmActions, PreviewOutcome } from "@/components/changes/farm-actions.ts";
import { outcomeText } from "@/components/changes/outcome-text.ts";
import { toastUndo, useChange } from "@/components/changes/use-change.ts";
import { toast } from "@/components/ui/toast-store.ts";
import type { ConflictSide } from "@/server/core/change/outcome.ts";
import type { FarmView } from "@/server/core/change/views.ts";
import { draftOfFarm } from "./form-model.ts";
import type { FarmForm } from "./use-farm-form.ts";

/** The farm as others made it meanwhile. */
export type Theirs = FarmView & Pick<ConflictSide, "by" | "at">;

export type SaveFarm = {
  readonly isReviewing: boolean;
  readonly theirs: Theirs | null;
  readonly isPending: boolean;
  /** opens the review, or the conflict, or leads to the first error */
  readonly begin: () => void;
  readonly apply: () => Promise<void>;
  readonly onRefused: (answer: Exclude<PreviewOutcome, { status: "ok" }>) => void;
  readonly close: () => void;
};

/** From "Save" to a revision: errors first, then the review, then one change. */
export function useSaveFarm(
  form: FarmForm,
  view: FarmView | null,
  actions: FarmActions,
  element: RefObject<HTMLElement | null>,
): SaveFarm {
  const [isReviewing, setReviewing] = useState(false);
  const [told, setTold] = useState<Theirs | null>(null);
  /** saving was wanted on a farm that is newer than the form's */
  const [isOutdated, setOutdated] = useState(false);
  const change = useChange();
  const router = useRouter();

  const isNewer = view !== null && form.base !== null && view.version > form.base.version;
  const isOvertaken = isNewer && form.isDirty && (isReviewing || isOutdated);
  const theirs = told ?? (isOvertaken ? { ...view, by: null, at: null } : null);

  // the errors are drawn first
  const leadToError = () => requestAnimationFrame(() => focusFirstError(element.current));
  const begin = () => {
    form.showAll();
    if (form.parsed === null) leadToError();
    else setReviewing(true);
  };
  const onRefused = (answer: Exclude<PreviewOutcome, { status: "ok" }>) => {
    if (answer.status === "pending") return;
    if (answer.status === "refused") {
      // the newer farm itself is on its way to the page
      if (answer.code === "conflict") setOutdated(true);
      return;
    }
    setReviewing(false);
    if (answer.status === "field-errors") {
      form.setServerErrors(answer.fieldErrors);
      leadToError();
      return;
    }
    const side = answer.conflicts[0];
    if (side?.farm && side.version !== null)
      setTold({ farm: side.farm, version: side.version, by: side.by, at: side.at });
    else toast({ ...outcomeText(answer), text: "The farm was removed. Save it as a new farm.", tone: "bad" });
  };
  const apply = async () => {
    const farm = form.parsed;
    if (farm === null) return;
    const outcome = await change.run(() => actions.saveFarm({ farm, base: form.base?.version ?? null }));
    if (outcome.status !== "ok") {
      onRefused(outcome);
      return;
    }
    setReviewing(false);
    const isNew = form.base === null;
    toast({
      title: isNew ? `${farm.name} is made` : `Applied as revision ${outcome.n}`,
      text: isNew ? `Revision ${outcome.n}.` : `Settings of ${farm.name} are saved.`,
      action: toastUndo(outcome, change, actions),
    });
    if (isNew) {
      form.forget();
      router.push(`/farms/${farm.id}`);
    } else {
      form.rebase({ farm, version: outcome.n }, draftOfFarm(farm));
      router.refresh();
    }
  };
  return {
    isReviewing: isReviewing && theirs === null,
    theirs,
    isPending: change.isPending,
    begin,
    apply,
    onRefused,
    close: () => {
      setReviewing(false);
      setOutdated(false);
      setTold(null);
    },
  };
}

/** A section that was folded by hand is opened again: nothing folded can have the focus. */
function focusFirstError(form: HTMLElement | null): void {
  const field = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  for (let fold = field?.closest("details"); fold; fold = fold.parentElement?.closest("details")) fold.open = true;
  field?.focus();
}
