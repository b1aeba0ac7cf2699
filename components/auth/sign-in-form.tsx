"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Field, FieldError } from "@/components/ui/field.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";
import type { PeopleOutcome } from "@/server/core/change/views.ts";
import { AuthTitle } from "./auth-frame.tsx";
import { PasswordField } from "./password-field.tsx";
import { usePeopleForm } from "./use-people-form.ts";

type SignInFormProps = {
  readonly signIn: (input: { username: string; password: string }) => Promise<PeopleOutcome>;
};

export function SignInForm({ signIn }: SignInFormProps) {
  const router = useRouter();
  const form = usePeopleForm(["username", "password"]);
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");

  async function submit(): Promise<void> {
    if (form.isPending) return;
    if (!(await form.send(() => signIn({ username, password })))) return;
    router.replace("/");
    router.refresh();
  }
  const problem = form.errorOf("");
  return (
    <form
      className="grid gap-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <AuthTitle title="Sign in">to this balancer</AuthTitle>
      <Field label="Username" error={form.errorOf("username")}>
        {(control) => (
          <TextInput
            {...control}
            className="h-9!"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            autoFocus
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        )}
      </Field>
      <PasswordField name="password" large value={password} onChange={setPassword} error={form.errorOf("password")} />
      <div role="alert">{problem === null ? null : <FieldError>{problem}</FieldError>}</div>
      <Button type="submit" variant="primary" className="h-9" pending={form.isPending}>
        {form.isPending ? "Signing in" : "Sign in"}
      </Button>
      <p className="text-small text-ink-3">Accounts are made by an administrator of this console.</p>
    </form>
  );
}
