import type { ReactNode } from "react";
import { Field } from "@/components/ui/field.tsx";
import { TextArea, TextInput } from "@/components/ui/text-input.tsx";
import type { FarmForm } from "./use-farm-form.ts";

type FormBoxProps = {
  readonly form: FarmForm;
  /** its name, and the path of its error */
  readonly path: string;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly value: string;
  readonly kind?: "text" | "number" | "mono" | "lines";
  readonly disabled?: boolean;
  readonly onChange: (value: string) => void;
};

/** One box of the form: its error is said once it was left. */
export function FormBox({ form, path, label, hint, value, kind = "text", disabled = false, onChange }: FormBoxProps) {
  const Control = kind === "lines" ? TextArea : TextInput;
  return (
    <Field label={label} error={form.errorOf(path)} hint={hint}>
      {(control) => (
        <Control
          {...control}
          name={path}
          mono={kind === "mono" || kind === "lines"}
          inputMode={kind === "number" ? "numeric" : undefined}
          disabled={disabled}
          value={value}
          onChange={(event: { target: { value: string } }) => onChange(event.target.value)}
          onBlur={() => form.touch(path)}
        />
      )}
    </Field>
  );
}
