import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import type { FarmActions, PreviewOutcome } from "@/components/changes/farm-actions.ts";
import { outcomeText } from "@/components/changes/outcome-text.ts";
import { toastUndo, useChange } from "@/components/changes/use-change.ts";
import { toast } from "@/components/ui/toast-store.ts";
import type { ChangeOutcome, ListConflictSide } from "@/server/core/change/outcome.ts";
import type { ListView } from "@/server/core/change/views.ts";
import { draftOfList, emptyListDraft, type ListDraft, readDraft } from "./list-draft.ts";

type NotOk = Exclude<PreviewOutcome, { status: "ok" }>;

/** The editor's state: what is typed, what it stands on, and what somebody else made of the list meanwhile. */
export function useListEditor(view: ListView | null, listId: string, actions: FarmActions) {
  const [base, setBase] = useState(view);
  const [draft, setDraft] = useState<ListDraft>(view === null ? emptyListDraft : draftOfList(view.list));
  const [isTold, setTold] = useState(false);
  const [isReviewing, setReviewing] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [theirs, setTheirs] = useState<ListConflictSide | null>(null);
  const change = useChange();
  const router = useRouter();
  const { list, errors } = useMemo(() => readDraft(draft, listId), [draft, listId]);
  const isDirty = JSON.stringify(draft) !== JSON.stringify(base === null ? emptyListDraft : draftOfList(base.list));

  const stand = (on: ListView | null, as: ListDraft) => {
    setBase(on);
    setDraft(as);
    setTheirs(null);
    setRefusal(null);
  };
  // somebody else changed the list while nothing was edited here: show it as it is now
  if (view !== null && base !== null && view.version > base.version && !isDirty) stand(view, draftOfList(view.list));

  const onRefused = (outcome: NotOk) => {
    setReviewing(false);
    if (outcome.status === "conflict") setTheirs(outcome.lists[0] ?? null);
    else if (outcome.status === "field-errors") setRefusal(Object.values(outcome.fieldErrors).join(" "));
    else setRefusal(outcome.text);
  };
  const apply = async () => {
    if (list === null) return;
    const outcome = await change.run(() => actions.saveList({ list, base: base?.version ?? null }));
    if (outcome.status !== "ok") return onRefused(outcome);
    setReviewing(false);
    say(`List ${list.name} is ${base === null ? "made" : "saved"}`, outcome);
    stand({ list, version: outcome.n }, draftOfList(list));
    if (base === null) router.push(`/lists/${list.id}`);
    else router.refresh();
  };
  const remove = async () => {
    if (base === null) return;
    const outcome = await change.run(() => actions.removeList({ listId, base: base.version }));
    if (outcome.status !== "ok") return onRefused(outcome);
    say(`List ${base.list.name} is deleted`, outcome);
    router.push("/lists");
  };
  const say = (title: string, outcome: Extract<ChangeOutcome, { status: "ok" }>) =>
    toast({ title, text: `Revision ${outcome.n}.`, action: toastUndo(outcome, change, actions) });
  return {
    base,
    draft,
    list,
    errors: isTold ? errors : null,
    isDirty,
    isReviewing,
    isPending: change.isPending,
    refusal,
    theirs,
    theirsText: theirs === null ? null : outcomeText({ status: "conflict", conflicts: [], lists: [theirs] }),
    set: (patch: Partial<ListDraft>) => {
      setRefusal(null);
      setDraft((old) => ({ ...old, ...patch }));
    },
    begin: () => {
      setTold(true);
      setReviewing(list !== null);
    },
    close: () => setReviewing(false),
    discard: () => stand(base, base === null ? emptyListDraft : draftOfList(base.list)),
    /** a list that was removed meanwhile is made again by the next save */
    standOnTheirs: (keepsMine: boolean) => {
      if (theirs === null) return;
      const on =
        theirs.list === null || theirs.version === null ? null : { list: theirs.list, version: theirs.version };
      stand(on, keepsMine || on === null ? draft : draftOfList(on.list));
    },
    onRefused,
    apply,
    remove,
  };
}

export type ListEditorState = ReturnType<typeof useListEditor>;
