"use client";

import type { ReactNode } from "react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Field } from "@/components/ui/field.tsx";
import { Note } from "@/components/ui/note.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";
import type { Operation } from "@/server/core/change/operation.ts";
import type { PreviewAction, PreviewOutcome } from "./farm-actions.ts";
import { checkBlocks } from "./kernel-check.tsx";
import { PreviewBody } from "./preview-body.tsx";
import { usePreview } from "./use-preview.ts";

type ReviewDialogProps = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly operations: readonly Operation[] | null;
  readonly previewAction: PreviewAction;
  readonly backendNames: readonly string[];
  /** must be typed before it is applied, e.g. because the last backend stops serving; `reason` says why */
  readonly confirm?: { readonly name: string; readonly reason: string } | null;
  /** why it cannot be applied at all now, e.g. the role */
  readonly blocked?: string | null;
  readonly backLabel?: string;
  readonly applyLabel: string;
  readonly pending: boolean;
  readonly onApply: () => void;
  /** the preview found that it cannot be applied as it is: the page has a better place to say why */
  readonly onRefused?: (answer: Exclude<PreviewOutcome, { status: "ok" }>) => void;
  /** before and after, above the words */
  readonly children?: ReactNode;
};

/** What a change will do, in words and as the kernel's transaction with its dry run, before it is applied. */
export function ReviewDialog(props: ReviewDialogProps) {
  const { open, onClose, confirm = null, blocked = null, pending } = props;
  const [typed, setTyped] = useState("");
  const state = usePreview(props.previewAction, open ? props.operations : null);
  const { answer } = state;
  const refused = useRef(props.onRefused);
  refused.current = props.onRefused;
  useEffect(() => {
    if (open && answer !== null && answer.status !== "ok") refused.current?.(answer);
  }, [open, answer]);
  const unnamed = confirm !== null && typed.trim() !== confirm.name ? `Type ${confirm.name} first` : null;
  const reason = blocked ?? checkBlocks(state) ?? unnamed;
  const close = () => {
    setTyped("");
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={props.title}
      size="lg"
      onSubmit={() => {
        if (reason !== null || pending) return;
        setTyped("");
        props.onApply();
      }}
      footer={
        <>
          <Button onClick={close}>{props.backLabel ?? "Back to editing"}</Button>
          <Button
            type="submit"
            variant={confirm === null ? "primary" : "fill-danger"}
            disabledReason={reason}
            pending={pending}
          >
            {pending ? "Applying" : props.applyLabel}
          </Button>
        </>
      }
    >
      {props.children}
      <PreviewBody state={state} backendNames={props.backendNames} />
      {confirm === null ? null : (
        <Note tone="warn">
          <p className="mb-2">{confirm.reason}</p>
          <Field
            className="max-w-80"
            label={
              <span className="font-normal">
                Type <b>{confirm.name}</b> to go on
              </span>
            }
          >
            {(control) => <TextInput {...control} value={typed} onChange={(event) => setTyped(event.target.value)} />}
          </Field>
        </Note>
      )}
    </Dialog>
  );
}
