"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Checkbox, Select } from "@/components/ui/choice.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Field, FieldError } from "@/components/ui/field.tsx";
import { toast } from "@/components/ui/toast-store.ts";
import { type TargetView, targetKinds } from "@/server/core/notify/target.ts";
import type { NotificationActions } from "./notification-actions.ts";
import { draftOf, type FarmName } from "./target-draft.ts";
import { TargetEvents } from "./target-events.tsx";
import { DraftText, TargetPlace } from "./target-place.tsx";
import { kindTexts } from "./target-words.ts";
import { useTargetForm } from "./use-target-form.ts";

type TargetDialogProps = {
  /** null = a new one */
  readonly target: TargetView | null;
  readonly farms: readonly FarmName[];
  readonly save: NotificationActions["save"];
  readonly onClose: () => void;
};

/** A target: where messages go, and which. */
export function TargetDialog({ target, farms, save, onClose }: TargetDialogProps) {
  const router = useRouter();
  const [draft, setDraft] = useState(() => draftOf(target, farms));
  const form = useTargetForm(farms, save);
  const fields = {
    draft,
    kept: target,
    errorOf: form.errorOf,
    onChange: (patch: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...patch })),
  };
  async function submit(): Promise<void> {
    if (!(await form.send(draft))) return;
    toast({ title: `${draft.name} is saved` });
    router.refresh();
    onClose();
  }
  return (
    <Dialog
      open
      title={target === null ? "Add a notification target" : `Change ${target.name}`}
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={form.isPending}>
            Save
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)_200px] gap-3 max-md:grid-cols-1">
        <DraftText {...fields} name="name" label="Name" required />
        <Field label="Kind">
          {(control) => (
            <Select
              {...control}
              value={draft.kind}
              options={targetKinds.map((value) => ({ value, label: kindTexts[value] }))}
              onChange={(event) => {
                const kind = targetKinds.find((each) => each === event.target.value);
                if (kind !== undefined) fields.onChange({ kind });
              }}
            />
          )}
        </Field>
      </div>
      <TargetPlace {...fields} />
      <TargetEvents {...fields} />
      <Checkbox checked={draft.isEnabled} onChange={(event) => fields.onChange({ isEnabled: event.target.checked })}>
        Enabled
      </Checkbox>
      <div role="alert">{form.problem === null ? null : <FieldError>{form.problem}</FieldError>}</div>
    </Dialog>
  );
}
