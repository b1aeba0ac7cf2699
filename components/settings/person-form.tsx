"use client";

import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import type { usePeopleForm } from "@/components/auth/use-people-form.ts";
import { roleHints, roleTexts } from "@/components/shell/role-texts.ts";
import { Button } from "@/components/ui/button.tsx";
import { Select } from "@/components/ui/choice.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Field, FieldError } from "@/components/ui/field.tsx";
import { toast } from "@/components/ui/toast-store.ts";
import type { PeopleOutcome, Role } from "@/server/core/change/views.ts";

type RoleFieldProps = {
  readonly role: Role;
  readonly onChange: (role: Role) => void;
  readonly error: string | null;
};

const roles: readonly Role[] = ["viewer", "operator", "admin"];

export function RoleField({ role, onChange, error }: RoleFieldProps) {
  return (
    <Field label="Role" hint={roleHints[role]} error={error}>
      {(control) => (
        <Select
          {...control}
          value={role}
          options={roles.map((value) => ({ value, label: roleTexts[value] }))}
          onChange={(event) => onChange(roles.find((each) => each === event.target.value) ?? "viewer")}
        />
      )}
    </Field>
  );
}

type PersonFormProps = {
  readonly title: string;
  readonly text?: string;
  readonly verb: string;
  readonly isDanger?: boolean;
  readonly form: ReturnType<typeof usePeopleForm>;
  readonly send: () => Promise<PeopleOutcome>;
  readonly done: string;
  readonly onClose: () => void;
  readonly children?: ReactNode;
};

/** A dialog with one verb: sends, shows errors at their fields, closes when it is done. */
export function PersonForm({
  title,
  text,
  verb,
  isDanger = false,
  form,
  send,
  done,
  onClose,
  children,
}: PersonFormProps) {
  const router = useRouter();
  const problem = form.errorOf("");
  async function submit(): Promise<void> {
    if (form.isPending || !(await form.send(send))) return;
    toast({ title: done });
    router.refresh();
    onClose();
  }
  return (
    <Dialog
      open
      size="sm"
      title={title}
      description={text}
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant={isDanger ? "fill-danger" : "primary"} pending={form.isPending}>
            {verb}
          </Button>
        </>
      }
    >
      {children}
      <div role="alert">{problem === null ? null : <FieldError>{problem}</FieldError>}</div>
    </Dialog>
  );
}
