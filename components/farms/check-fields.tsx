import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Checkbox, Select } from "@/components/ui/choice.tsx";
import { Field } from "@/components/ui/field.tsx";
import { paceText } from "./check-choices.ts";
import { type CheckDraft, type CheckFlag, type CheckText, hasField } from "./check-draft.ts";
import { FormBox } from "./form-box.tsx";
import type { FarmForm } from "./use-farm-form.ts";

type Box = {
  readonly key: CheckText;
  readonly label: string;
  readonly hint: string;
  readonly kind?: "number" | "mono" | "lines";
  readonly options?: readonly string[];
};

/** What is asked. */
const asked: readonly Box[] = [
  { key: "path", label: "Path", kind: "mono", hint: "Redirects are not followed." },
  { key: "host", label: "Host header", kind: "mono", hint: "Empty: the backend's address." },
  { key: "statuses", label: "Good statuses", kind: "mono", hint: "Numbers and ranges: 200, 204, 300-399." },
  { key: "text", label: "Text in the answer", hint: "Empty: the body is not read." },
  { key: "name", label: "Name asked for", kind: "mono", hint: "A dot is the root." },
  { key: "recordType", label: "Record type", hint: "", options: ["A", "AAAA", "NS", "SOA", "MX", "TXT"] },
  { key: "service", label: "Service", kind: "mono", hint: "Empty: the server as a whole." },
  { key: "payload", label: "Datagram", kind: "mono", hint: "Sent as it stands here." },
  { key: "expect", label: "Answer that must come", kind: "mono", hint: "Empty: silence is good too." },
  {
    key: "command",
    label: "Program",
    kind: "mono",
    hint: "Name of a file in the host's check directory; it gets address and port.",
  },
  { key: "serverName", label: "Server name (SNI)", kind: "mono", hint: "Empty: none is sent." },
  {
    key: "warnDays",
    label: "Warn before the certificate ends, days",
    kind: "number",
    hint: "Degraded from then on; 0: never.",
  },
  { key: "port", label: "Port", kind: "number", hint: "Empty: where the traffic goes." },
];

const pace: readonly Box[] = [
  { key: "intervalMs", label: "Every, ms", kind: "number", hint: "100 to 3,600,000, from one start to the next." },
  { key: "timeoutMs", label: "Timeout, ms", kind: "number", hint: "50 to 60,000. A later answer is a failed check." },
  { key: "fall", label: "Fall", kind: "number", hint: "Bad checks in a row until it is Down." },
  { key: "rise", label: "Rise", kind: "number", hint: "Good checks in a row until it is Up." },
];

/** What most checks leave as it is. */
const rare: readonly Box[] = [
  { key: "fastIntervalMs", label: "Every, while a state is changing, ms", kind: "number", hint: "Empty: no faster." },
  { key: "method", label: "Method", hint: "", options: ["GET", "HEAD", "OPTIONS"] },
  { key: "headers", label: "More headers", kind: "lines", hint: "A line each: Name: value." },
  {
    key: "bodyBytesMax",
    label: "Bytes of the answer that are read",
    kind: "number",
    hint: "The text must stand within them.",
  },
];

const flags: readonly { readonly key: CheckFlag; readonly label: string }[] = [
  { key: "verify", label: "The certificate must be valid: for the name, and from a known authority" },
  { key: "tls", label: "Through TLS" },
];

export type CheckFieldsProps = {
  readonly form: FarmForm;
  /** "healthCheck", or that of a backend */
  readonly path: string;
  readonly check: CheckDraft;
  readonly onChange: (patch: Partial<CheckDraft>) => void;
};

/** The fields of the kind that is chosen, and no others. */
export function CheckFields({ form, path, check, onChange }: CheckFieldsProps) {
  const shown = (boxes: readonly Box[]) =>
    boxes
      .filter(({ key }) => hasField(check.type, key))
      .map((box) => <CheckBox key={box.key} box={box} form={form} path={path} check={check} onChange={onChange} />);
  const sentence = paceText(check);
  return (
    <>
      {shown(asked)}
      {flags
        .filter(({ key }) => hasField(check.type, key))
        .map(({ key, label }) => (
          <div key={key} className="col-span-full">
            <Checkbox checked={check[key]} onChange={(event) => onChange({ [key]: event.target.checked })}>
              {label}
            </Checkbox>
          </div>
        ))}
      <div className="col-span-full grid gap-x-6 gap-y-4 border-t border-line pt-3 grid-cols-2 xl:grid-cols-4">
        {shown(pace)}
        {sentence === null ? null : <p className="col-span-full text-small text-ink-2">{sentence}</p>}
      </div>
      <More hasError={rare.some(({ key }) => form.errorOf(`${path}.${key}`) !== null)}>{shown(rare)}</More>
    </>
  );
}

function CheckBox({ box, form, path, check, onChange }: CheckFieldsProps & { readonly box: Box }) {
  const { key, label, hint, kind, options } = box;
  const place = `${path}.${key}`;
  const set = (value: string) => onChange({ [key]: value });
  if (options === undefined)
    return (
      <FormBox
        form={form}
        path={place}
        label={label}
        hint={hint}
        kind={kind ?? "text"}
        value={check[key]}
        onChange={set}
      />
    );
  return (
    <Field label={label} error={form.errorOf(place)}>
      {(control) => (
        <Select
          {...control}
          name={place}
          value={check[key]}
          options={options.map((value) => ({ value, label: value }))}
          onChange={(event) => set(event.target.value)}
        />
      )}
    </Field>
  );
}

function More({ hasError, children }: { readonly hasError: boolean; readonly children: readonly ReactNode[] }) {
  const [isOpen, setOpen] = useState(false);
  const isShown = isOpen || hasError;
  return (
    <details
      className="group/more col-span-full"
      open={isShown}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="flex min-h-6 w-fit list-none items-center gap-1 rounded-1 text-small text-ink-3 hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-3.5 transition-transform duration-(--fast) group-open/more:rotate-90"
          strokeWidth={1.5}
        />
        More of this check
      </summary>
      {isShown ? <div className="grid gap-x-6 gap-y-4 pt-3 lg:grid-cols-2">{children}</div> : null}
    </details>
  );
}
