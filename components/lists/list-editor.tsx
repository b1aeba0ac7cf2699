"use client";

import type { FarmActions } from "@/components/changes/farm-actions.ts";
import { ReviewDialog } from "@/components/changes/review-dialog.tsx";
import { useAgentState } from "@/components/live/use-live.ts";
import { Button } from "@/components/ui/button.tsx";
import { FieldError } from "@/components/ui/field.tsx";
import { Note } from "@/components/ui/note.tsx";
import type { Operation } from "@/server/core/change/operation.ts";
import type { ListView, Role } from "@/server/core/change/views.ts";
import { DeleteList } from "./delete-list.tsx";
import { ListFields } from "./list-fields.tsx";
import type { ListUser } from "./list-users.ts";
import { type ListEditorState, useListEditor } from "./use-list-editor.ts";

type ListEditorProps = {
  readonly listId: string;
  /** null = a new one */
  readonly view: ListView | null;
  readonly users: readonly ListUser[];
  readonly role: Role;
  readonly actions: FarmActions;
};

/** Make or edit a named list: errors at their lines, a review of what every farm that refers to it will do. */
export function ListEditor({ listId, view, users, role, actions }: ListEditorProps) {
  const editor = useListEditor(view, listId, actions);
  const agent = useAgentState();
  const isViewer = role === "viewer";
  const isLost = agent !== null && agent.state !== "answering";
  const blocked = isViewer
    ? "Viewers cannot change lists: an operator does."
    : isLost
      ? "The agent does not answer: nothing can be applied until it does."
      : null;
  const { list, base } = editor;
  const operations: Operation[] | null =
    list === null ? null : [{ type: "put-list", base: base?.version ?? null, list }];
  return (
    <>
      <form
        noValidate
        aria-label={base === null ? "New list" : "List"}
        className="grid max-w-[1080px] gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (blocked === null) editor.begin();
        }}
      >
        <Trouble editor={editor} />
        <ListFields editor={editor} users={users} isReadOnly={isViewer} />
        <div className="flex flex-wrap items-center gap-2">
          <Button type="submit" variant="primary" size="lg" disabledReason={blocked} pending={editor.isPending}>
            {base === null ? "Review and create" : "Review and save"}
          </Button>
          {editor.isDirty ? (
            <Button variant="quiet" size="lg" onClick={editor.discard}>
              Discard
            </Button>
          ) : null}
        </div>
      </form>
      {base === null ? null : <DeleteList editor={editor} name={base.list.name} users={users} blocked={blocked} />}
      <ReviewDialog
        open={editor.isReviewing}
        onClose={editor.close}
        title={base === null ? `Review the new list ${editor.draft.name}` : `Review the list ${editor.draft.name}`}
        operations={operations}
        previewAction={actions.preview}
        backendNames={users.map(({ name }) => name)}
        blocked={blocked}
        applyLabel={base === null ? "Create list" : "Apply"}
        pending={editor.isPending}
        onApply={() => void editor.apply()}
        onRefused={editor.onRefused}
      />
    </>
  );
}

/** Why the last try was not applied, and the ways on when somebody else was first. */
function Trouble({ editor }: { readonly editor: ListEditorState }) {
  const { theirs, refusal } = editor;
  if (theirs !== null)
    return (
      <Note
        tone="bad"
        actions={
          <>
            <Button onClick={editor.takeTheirs}>Take theirs</Button>
            <Button onClick={editor.keepMine}>Keep mine</Button>
          </>
        }
      >
        <b className="font-medium">Somebody else changed this list since you began.</b>
        <p>Keep yours, and the review shows what differs from theirs.</p>
      </Note>
    );
  if (refusal === null) return null;
  return (
    <Note tone="bad">
      <FieldError>{refusal}</FieldError>
    </Note>
  );
}
