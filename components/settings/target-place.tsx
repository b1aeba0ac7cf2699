import { Select } from "@/components/ui/choice.tsx";
import { Field } from "@/components/ui/field.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";
import type { TargetView } from "@/server/core/notify/target.ts";
import { SecretField } from "./secret-field.tsx";
import type { TargetDraft } from "./target-draft.ts";

export type TargetFieldsProps = {
  readonly draft: TargetDraft;
  readonly kept: TargetView | null;
  readonly errorOf: (field: string) => string | null;
  readonly onChange: (patch: Partial<TargetDraft>) => void;
};

/** Where messages go, by kind. */
export function TargetPlace(props: TargetFieldsProps) {
  if (props.draft.kind === "webhook") return <WebhookPlace {...props} />;
  return props.draft.kind === "smtp" ? <MailPlace {...props} /> : <AlertmanagerPlace {...props} />;
}

type TextName = "host" | "port" | "user" | "from" | "to" | "alertmanagerUrl";

export function DraftText(
  props: TargetFieldsProps & {
    readonly name: TextName | "name" | "farms" | "tags" | "groupS" | "repeatMin";
    readonly label: string;
    readonly hint?: string;
    readonly placeholder?: string;
    readonly required?: boolean;
  },
) {
  const { draft, errorOf, onChange, name, label, hint, placeholder, required = false } = props;
  return (
    <Field label={label} hint={hint} required={required} error={errorOf(name)}>
      {(control) => (
        <TextInput
          {...control}
          value={draft[name]}
          placeholder={placeholder}
          onChange={(event) => onChange({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}

function Secret(
  props: TargetFieldsProps & {
    readonly name: "url" | "bearer" | "hmac" | "password";
    readonly label: string;
    readonly hint?: string;
  },
) {
  const { draft, kept, errorOf, onChange, name, label, hint } = props;
  const isKept = kept !== null && kept.settings.kind === draft.kind && kept.has.includes(name);
  return (
    <SecretField
      label={label}
      {...(hint === undefined ? {} : { hint })}
      value={draft[name]}
      isKept={isKept}
      isAddress={name === "url"}
      error={errorOf(name)}
      onChange={(value) => onChange({ [name]: value })}
    />
  );
}

function WebhookPlace(props: TargetFieldsProps) {
  return (
    <>
      <Secret
        {...props}
        name="url"
        label="Address"
        hint="https://host/path. It is not shown again: it often is a secret."
      />
      <div className="grid grid-cols-2 gap-3 max-md:grid-cols-1">
        <Secret {...props} name="bearer" label="Bearer token" />
        <Secret {...props} name="hmac" label="Signing secret" hint="Signs each message: header sluice-signature." />
      </div>
    </>
  );
}

function AlertmanagerPlace(props: TargetFieldsProps) {
  return (
    <>
      <DraftText
        {...props}
        name="alertmanagerUrl"
        label="Address"
        required
        placeholder="http://alertmanager.example:9093"
        hint="Alerts are posted to /api/v2/alerts behind it."
      />
      <Secret {...props} name="bearer" label="Bearer token" />
    </>
  );
}

const securities = [
  { value: "starttls", label: "STARTTLS" },
  { value: "tls", label: "TLS from the start" },
  { value: "none", label: "None" },
] as const;

function MailPlace(props: TargetFieldsProps) {
  const { draft, errorOf, onChange } = props;
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_90px_170px] gap-3 max-md:grid-cols-1">
        <DraftText {...props} name="host" label="Mail server" required placeholder="mail.example.net" />
        <DraftText {...props} name="port" label="Port" />
        <Field label="Encryption" error={errorOf("security")}>
          {(control) => (
            <Select
              {...control}
              value={draft.security}
              options={securities}
              onChange={(event) => {
                const chosen = securities.find(({ value }) => value === event.target.value);
                if (chosen !== undefined) onChange({ security: chosen.value });
              }}
            />
          )}
        </Field>
      </div>
      <div className="grid grid-cols-2 gap-3 max-md:grid-cols-1">
        <DraftText {...props} name="user" label="User name" hint="Empty: no sign-in." />
        <Secret {...props} name="password" label="Password" />
        <DraftText {...props} name="from" label="From" required placeholder="sluice@example.net" />
        <DraftText {...props} name="to" label="To" required placeholder="ops@example.net, night@example.net" />
      </div>
    </>
  );
}
