"use client";

import { useState } from "react";
import { PasswordField } from "@/components/auth/password-field.tsx";
import { usePeopleForm } from "@/components/auth/use-people-form.ts";
import { roleTexts } from "@/components/shell/role-texts.ts";
import { Field } from "@/components/ui/field.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";
import type { PersonView, Role } from "@/server/core/change/views.ts";
import type { PeopleActions } from "./people-actions.ts";
import { PersonForm, RoleField } from "./person-form.tsx";

type DialogProps = { readonly actions: PeopleActions; readonly onClose: () => void };
type PersonDialogProps = DialogProps & { readonly person: PersonView };

export function AddPerson({ actions, onClose }: DialogProps) {
  const form = usePeopleForm(["name", "username", "password", "role"]);
  const [input, setInput] = useState({ name: "", username: "", password: "", role: "operator" as Role });
  const text = (key: "name" | "username", label: string, hint?: string) => (
    <Field label={label} hint={hint} error={form.errorOf(key)}>
      {(control) => (
        <TextInput
          {...control}
          autoCapitalize="none"
          value={input[key]}
          onChange={(event) => setInput({ ...input, [key]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <PersonForm
      title="Add person"
      verb="Add"
      form={form}
      onClose={onClose}
      send={() => actions.create(input)}
      done={`${input.name} can sign in`}
    >
      {text("name", "Name", "As the history shows it.")}
      {text("username", "Username")}
      <PasswordField
        label="First password"
        name="new-password"
        isNew
        value={input.password}
        onChange={(password) => setInput({ ...input, password })}
        error={form.errorOf("password")}
      />
      <RoleField role={input.role} onChange={(role) => setInput({ ...input, role })} error={form.errorOf("role")} />
    </PersonForm>
  );
}

export function ChangeRole({ person, actions, onClose }: PersonDialogProps) {
  const form = usePeopleForm(["role"]);
  const [role, setRole] = useState(person.role);
  return (
    <PersonForm
      title={`Role of ${person.name}`}
      verb="Change role"
      form={form}
      onClose={onClose}
      send={() => actions.setRole({ personId: person.id, role })}
      done={`${person.name} is ${roleTexts[role].toLowerCase()}`}
    >
      <RoleField role={role} onChange={setRole} error={form.errorOf("role")} />
    </PersonForm>
  );
}

export function NewPassword({ person, actions, onClose }: PersonDialogProps) {
  const form = usePeopleForm(["password"]);
  const [password, setPassword] = useState("");
  return (
    <PersonForm
      title={`New password for ${person.name}`}
      verb="Set password"
      form={form}
      onClose={onClose}
      send={() => actions.setPassword({ personId: person.id, password })}
      done={`${person.name} has a new password`}
      text="Every place where this person is signed in is signed out."
    >
      <PasswordField
        label="New password"
        name="new-password"
        isNew
        value={password}
        onChange={setPassword}
        error={form.errorOf("password")}
      />
    </PersonForm>
  );
}

export function RemovePerson({ person, actions, onClose }: PersonDialogProps) {
  const form = usePeopleForm([]);
  return (
    <PersonForm
      title={`Remove ${person.name}?`}
      verb="Remove"
      isDanger
      form={form}
      onClose={onClose}
      send={() => actions.remove({ personId: person.id })}
      done={`${person.name} is removed`}
      text={`${person.username} can no longer sign in. The name stays in the history.`}
    />
  );
}
