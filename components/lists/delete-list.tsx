import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import type { ListUser } from "./list-users.ts";
import type { ListEditorState } from "./use-list-editor.ts";

type DeleteListProps = {
  readonly editor: ListEditorState;
  readonly name: string;
  readonly users: readonly ListUser[];
  readonly blocked: string | null;
};

const namedMax = 5;

export function DeleteList({ editor, name, users, blocked }: DeleteListProps) {
  const [isAsking, setAsking] = useState(false);
  const used = users.length === 0 ? null : `${namesOf(users)} refer${users.length === 1 ? "s" : ""} to it`;
  return (
    <Panel title="Delete" className="max-w-[1080px]">
      <div className="flex flex-wrap items-center gap-3 px-3.5 py-3">
        <p className="min-w-0 flex-1 basis-64 text-small text-ink-3">
          {used === null ? "No farm refers to it." : `${used}: it can be deleted when none does.`}
        </p>
        <Button variant="danger" disabledReason={blocked ?? used} onClick={() => setAsking(true)}>
          Delete {name}
        </Button>
      </div>
      <ConfirmDialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title={`Delete ${name}?`}
        action={`Delete ${name}`}
        pending={editor.isPending}
        onConfirm={() => void editor.remove().then(() => setAsking(false))}
      >
        No farm refers to it. It can be undone as a new revision.
      </ConfirmDialog>
    </Panel>
  );
}

function namesOf(users: readonly ListUser[]): string {
  const more = users.length - namedMax;
  const named = users.slice(0, namedMax).map(({ name }) => name);
  return `${users.length === 1 ? "Farm" : "Farms"} ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
