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

type SetupInput = { token: string; name: string; username: string; password: string };
type SetupFormProps = {
  /** from the one-time link; "" when the page was opened without it */
  readonly token: string;
  readonly setup: (input: SetupInput) => Promise<PeopleOutcome>;
};

/** Makes the first administrator. Only who can read the balancer's terminal has the token. */
export function SetupForm({ token, setup }: SetupFormProps) {
  const router = useRouter();
  const form = usePeopleForm(
    token === "" ? ["token", "name", "username", "password"] : ["name", "username", "password"],
  );
  const [input, setInput] = useState<SetupInput>({ token, name: "", username: "", password: "" });
  const set = (part: Partial<SetupInput>) => setInput((old) => ({ ...old, ...part }));

  async function submit(): Promise<void> {
    if (form.isPending) return;
    if (!(await form.send(() => setup(input)))) return;
    router.replace("/");
    router.refresh();
  }
  const text = (name: "token" | "name" | "username", label: string, autoComplete: string, hint?: string) => (
    <Field label={label} error={form.errorOf(name)} hint={hint}>
      {(control) => (
        <TextInput
          {...control}
          className="h-9!"
          name={name}
          autoComplete={autoComplete}
          autoCapitalize="none"
          value={input[name]}
          onChange={(event) => set({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  const problem = form.errorOf("");
  return (
    <form
      className="grid gap-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <AuthTitle title="First administrator">The link from the terminal works once.</AuthTitle>
      {token === "" ? text("token", "Token", "off", "It is printed in the terminal that started Sluice.") : null}
      {text("name", "Your name", "name", "As the history shows it.")}
      {text("username", "Username", "username")}
      <PasswordField
        name="password"
        large
        isNew
        value={input.password}
        onChange={(password) => set({ password })}
        error={form.errorOf("password")}
        hint="At least 8 characters."
      />
      <div role="alert">{problem === null ? null : <FieldError>{problem}</FieldError>}</div>
      <Button type="submit" variant="primary" className="h-9" pending={form.isPending}>
        Create and sign in
      </Button>
    </form>
  );
}
