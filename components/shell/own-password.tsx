"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { PasswordField } from "@/components/auth/password-field.tsx";
import { usePeopleForm } from "@/components/auth/use-people-form.ts";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { FieldError } from "@/components/ui/field.tsx";
import type { PeopleOutcome } from "@/server/core/change/views.ts";

export type SetPassword = (input: { personId: string; password: string }) => Promise<PeopleOutcome>;

type OwnPasswordProps = {
  readonly personId: string;
  readonly setPassword: SetPassword;
  readonly onClose: () => void;
};

/** Everybody may change their own password; it ends every session of theirs, this one too. */
export function OwnPassword({ personId, setPassword, onClose }: OwnPasswordProps) {
  const router = useRouter();
  const form = usePeopleForm(["password"]);
  const [password, setTyped] = useState("");
  const problem = form.errorOf("");
  async function submit(): Promise<void> {
    if (form.isPending || !(await form.send(() => setPassword({ personId, password })))) return;
    router.replace("/sign-in");
    router.refresh();
  }
  return (
    <Dialog
      open
      size="sm"
      title="Change your password"
      description="You are signed out everywhere, here too, and sign in again with the new one."
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={form.isPending}>
            Change password
          </Button>
        </>
      }
    >
      <PasswordField
        label="New password"
        name="new-password"
        isNew
        value={password}
        onChange={setTyped}
        error={form.errorOf("password")}
        hint="At least 8 characters."
      />
      <div role="alert">{problem === null ? null : <FieldError>{problem}</FieldError>}</div>
    </Dialog>
  );
}
