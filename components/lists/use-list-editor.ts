import { useRouter } from "next/navigation";
import { useEffect, useMemo, useState } from "react";
import type { FarmActions, PreviewOutcome } from "@/components/changes/farm-actions.ts";
import { outcomeText } from "@/components/changes/outcome-text.ts";
import { writeDraft as keep, readDraft as readKept } from "@/components/changes/session-draft.ts";
import { toastUndo, useChange } from "@/components/changes/use-change.ts";
import { toast } from "@/components/ui/toast-store.ts";
import type { ChangeOutcome } from "@/server/core/change/outcome.ts";
import type { ListView } from "@/server/core/change/views.ts";
import { draftOfList, emptyListDraft, type ListDraft, parseKeptDraft, readDraft } from "./list-draft.ts";

/** The editor's state: what is typed, what it stands on, and what somebody else made of the list meanwhile. */
export function useListEditor(view: ListView | null, listId: string, actions: FarmActions) {
  const [base, setBase] = useState(view);
  const [draft, setDraft] = useState<ListDraft>(draftOfView(view));
  const [isTold, setTold] = useState(false);
  const [isReviewing, setReviewing] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const change = useChange();
  const router = useRouter();
  const { list, errors } = useMemo(() => readDraft(draft, listId), [draft, listId]);
  const isDirty = JSON.stringify(draft) !== JSON.stringify(draftOfView(base));
  useKept(
    view === null ? "sluice.list.new" : `sluice.list.${listId}`,
    base?.version ?? null,
    isDirty ? draft : null,
    setDraft,
  );
  /** the list as somebody else left it since */
  const theirs = view !== null && base !== null && view.version > base.version ? view : null;

  const stand = (on: ListView | null, as: ListDraft) => {
    setBase(on);
    setDraft(as);
    setRefusal(null);
  };
  if (theirs !== null && !isDirty) stand(theirs, draftOfView(theirs));

  const onRefused = (outcome: Exclude<PreviewOutcome, { status: "ok" }>) => {
    setReviewing(false);
    setRefusal(outcome.status === "field-errors" ? fieldTexts(outcome.fieldErrors) : outcomeText(outcome).text);
    // the list as it is now comes with the page
    if (outcome.status === "conflict" || (outcome.status === "refused" && outcome.code === "conflict"))
      router.refresh();
  };
  const say = (title: string, outcome: Extract<ChangeOutcome, { status: "ok" }>) =>
    toast({ title, text: `Revision ${outcome.n}.`, action: toastUndo(outcome, change, actions) });
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
  return {
    base,
    draft,
    list,
    errors: isTold ? errors : null,
    isDirty,
    isReviewing: isReviewing && theirs === null,
    isPending: change.isPending,
    refusal,
    theirs,
    set: (patch: Partial<ListDraft>) => {
      setRefusal(null);
      setDraft((old) => ({ ...old, ...patch }));
    },
    begin: () => {
      setTold(true);
      setReviewing(list !== null && theirs === null);
    },
    close: () => setReviewing(false),
    discard: () => stand(base, draftOfView(base)),
    takeTheirs: () => stand(theirs, draftOfView(theirs)),
    keepMine: () => stand(theirs, draft),
    onRefused,
    apply,
    remove,
  };
}

/** Edits outlive a reload and a look at another page; without edits nothing is kept. */
function useKept(
  key: string,
  version: number | null,
  edits: ListDraft | null,
  restore: (draft: ListDraft) => void,
): void {
  const [isLoaded, setLoaded] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: kept edits are looked for once
  useEffect(() => {
    const kept = readKept(key, (value) => parseKeptDraft(value, version));
    if (kept !== null) restore(kept);
    setLoaded(true);
  }, []);
  useEffect(() => {
    if (isLoaded) keep(key, edits === null ? null : { version, draft: edits });
  }, [isLoaded, key, version, edits]);
}

export type ListEditorState = ReturnType<typeof useListEditor>;

function draftOfView(view: ListView | null): ListDraft {
  return view === null ? emptyListDraft : draftOfList(view.list);
}

function fieldTexts(fieldErrors: Readonly<Record<string, string>>): string {
  return Object.values(fieldErrors).join(". ");
}
