"use client";

import type { ReactNode } from "react";
import { useState } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Field } from "./field.tsx";
import { TextInput } from "./text-input.tsx";

type ConfirmProps = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
  /** the verb on the button, e.g. "Drain auth-3" */
  readonly action: string;
  readonly danger?: boolean;
  readonly pending?: boolean;
  /** why it cannot be done now */
  readonly disabledReason?: string | null;
  readonly onConfirm: () => void;
};

/** One question, one verb. */
export function ConfirmDialog(props: ConfirmProps) {
  const { action, danger = true, pending = false, disabledReason = null, onConfirm, children, ...rest } = props;
  return (
    <Dialog
      {...rest}
      size="sm"
      description={children}
      onSubmit={() => {
        if (disabledReason === null) onConfirm();
      }}
      footer={
        <>
          <Button onClick={rest.onClose}>Cancel</Button>
          <Button
            type="submit"
            variant={danger ? "fill-danger" : "primary"}
            pending={pending}
            disabledReason={disabledReason}
          >
            <span className="truncate">{action}</span>
          </Button>
        </>
      }
    />
  );
}

type ConfirmByNameProps = ConfirmProps & {
  /** must be typed before the button works */
  readonly name: string;
};

/** For what cannot be taken back lightly: the name of the thing is typed first. */
export function ConfirmByName(props: ConfirmByNameProps) {
  const { name, action, pending = false, disabledReason = null, onConfirm, children, ...rest } = props;
  const [typed, setTyped] = useState("");
  const reason = disabledReason ?? (typed.trim() === name ? null : `Type ${name} first`);
  function close(): void {
    setTyped("");
    rest.onClose();
  }
  return (
    <Dialog
      {...rest}
      onClose={close}
      size="sm"
      description={children}
      onSubmit={() => {
        if (reason !== null || pending) return;
        setTyped("");
        onConfirm();
      }}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="fill-danger" pending={pending} disabledReason={reason}>
            <span className="truncate">{action}</span>
          </Button>
        </>
      }
    >
      <Field
        label={
          <span className="font-normal">
            Type <b>{name}</b> to go on
          </span>
        }
      >
        {(control) => <TextInput {...control} value={typed} onChange={(event) => setTyped(event.target.value)} />}
      </Field>
    </Dialog>
  );
}
