import { Field } from "@/components/ui/field.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";
import type { SecretText } from "./target-draft.ts";

type SecretFieldProps = {
  readonly label: string;
  readonly hint?: string;
  readonly value: SecretText;
  /** there is one already */
  readonly isKept: boolean;
  /** an address: there is always one, and it is shown while it is typed */
  readonly isAddress?: boolean;
  readonly error: string | null;
  readonly onChange: (value: SecretText) => void;
};

/** A text that only goes in: what is kept is never shown, only replaced or removed. */
export function SecretField({ label, hint, value, isKept, isAddress = false, error, onChange }: SecretFieldProps) {
  const isGoing = value === null;
  const state = isGoing ? "Removed when you save." : isKept ? "One is kept; type another one to replace it." : null;
  return (
    <Field
      label={label}
      error={error}
      hint={[state, hint].filter((each) => each !== null && each !== undefined).join(" ") || undefined}
      aside={
        isKept && !isAddress ? (
          <button type="button" className="link min-h-6 text-small" onClick={() => onChange(isGoing ? "" : null)}>
            {isGoing ? "Keep" : "Remove"}
            <span className="sr-only"> {label.toLowerCase()}</span>
          </button>
        ) : undefined
      }
    >
      {(control) => (
        <TextInput
          {...control}
          type={isAddress ? "text" : "password"}
          autoComplete={isAddress ? "off" : "new-password"}
          disabled={isGoing}
          value={value ?? ""}
          placeholder={isKept && !isGoing ? "kept" : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
