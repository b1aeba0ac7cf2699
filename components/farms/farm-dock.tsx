import { Dock } from "@/components/changes/dock.tsx";
import { Button } from "@/components/ui/button.tsx";
import { SyncMark } from "@/components/ui/sync-mark.tsx";
import type { FarmForm } from "./use-farm-form.ts";

type FarmDockProps = { readonly form: FarmForm; readonly blocked: string | null; readonly pending: boolean };

export function FarmDock({ form, blocked, pending }: FarmDockProps) {
  const isNew = form.base === null;
  return (
    <Dock label="Unsaved settings">
      <SyncMark state="edited">{isNew ? "Not made yet" : "Edited, not applied"}</SyncMark>
      {form.isRestored && form.isDirty ? (
        <span className="text-small text-ink-3">Kept from before the reload.</span>
      ) : null}
      {blocked === null ? null : <span className="text-small text-warn-ink">{blocked}</span>}
      <span className="ml-auto flex flex-wrap gap-2">
        {form.isDirty ? (
          <Button variant="quiet" onClick={form.discard}>
            Discard
          </Button>
        ) : null}
        <Button type="submit" variant="primary" disabledReason={blocked} pending={pending}>
          {isNew ? "Review and create" : "Review and save"}
        </Button>
      </span>
    </Dock>
  );
}
