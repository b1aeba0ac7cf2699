"use client";

import { useState } from "react";
import { Field } from "@/components/ui/field.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";

type PasswordFieldProps = {
  readonly label?: string;
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isNew?: boolean;
  readonly hint?: string;
  readonly error?: string | null | undefined;
  readonly large?: boolean;
};

export function PasswordField(props: PasswordFieldProps) {
  const { label = "Password", name, value, onChange, isNew = false, hint, error, large = false } = props;
  const [isShown, setShown] = useState(false);
  return (
    <Field
      label={label}
      error={error}
      hint={hint}
      aside={
        <button
          type="button"
          className="link min-h-6 text-small"
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
        >
          {isShown ? "Hide" : "Show"}
          <span className="sr-only"> {label.toLowerCase()}</span>
        </button>
      }
    >
      {(control) => (
        <TextInput
          {...control}
          className={large ? "h-9!" : undefined}
          name={name}
          type={isShown ? "text" : "password"}
          autoComplete={isNew ? "new-password" : "current-password"}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
