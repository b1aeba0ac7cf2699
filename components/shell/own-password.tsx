"use client";

import { useState } from "react";
import { PasswordField } from "@/components/auth/password-field.tsx";
import { usePeopleForm } from "@/components/auth/use-people-form.ts";
import { PersonForm } from "@/components/settings/person-form.tsx";
import type { PeopleOutcome } from "@/server/core/change/views.ts";

export type SetOwnPassword = (input: { current: string; password: string }) => Promise<PeopleOutcome>;

type OwnPasswordProps = { readonly setPassword: SetOwnPassword; readonly onClose: () => void };

/** Everybody may change their own password, who knows the current one; it ends every session of theirs but this one. */
export function OwnPassword({ setPassword, onClose }: OwnPasswordProps) {
  const form = usePeopleForm(["current", "password"]);
  const [input, setInput] = useState({ current: "", password: "" });
  return (
    <PersonForm
      title="Change your password"
      text="You stay signed in here, and are signed out everywhere else."
      verb="Change password"
      form={form}
      onClose={onClose}
      send={() => setPassword(input)}
      done="Your password is changed"
    >
      <PasswordField
        label="Current password"
        name="current-password"
        value={input.current}
        onChange={(current) => setInput({ ...input, current })}
        error={form.errorOf("current")}
      />
      <PasswordField
        label="New password"
        name="new-password"
        isNew
        value={input.password}
        onChange={(password) => setInput({ ...input, password })}
        error={form.errorOf("password")}
        hint="At least 8 characters."
      />
    </PersonForm>
  );
}
