import { Checkbox } from "@/components/ui/choice.tsx";
import { Field, FieldError } from "@/components/ui/field.tsx";
import { TextArea, TextInput } from "@/components/ui/text-input.tsx";
import { FoldSection } from "./fold-section.tsx";
import { hintOf } from "./form-section.tsx";
import { ListReferences } from "./list-references.tsx";
import { type PolicyDraft, type PolicyText, policySummary } from "./policy-draft.ts";
import type { FarmForm } from "./use-farm-form.ts";

type Box = { readonly key: PolicyText; readonly label: string; readonly hint: string };

const lists: readonly Box[] = [
  {
    key: "allow",
    label: "Allowed clients",
    hint: "A line each: 10.0.0.0/8, 10.0.0.1-10.0.0.9, 2001:db8::/32, @name for a list. Empty: everybody. Otherwise only these, and of IPv4 or IPv6 without a line nobody.",
  },
  {
    key: "deny",
    label: "Denied clients",
    hint: "Written the same way; wins over the allowed ones. Their open connections stop too.",
  },
];

const limits: readonly Box[] = [
  {
    key: "newPerSecondPerSource",
    label: "New connections a second of one client",
    hint: "Empty: no limit. What is above is dropped. Up to 65,536 clients are counted at once.",
  },
  {
    key: "connectionsPerSource",
    label: "Open connections of one client",
    hint: "Empty: no limit. What is above is refused. Closed ones are forgotten a little late: too low a number hits networks whose many people share one address.",
  },
];

const synLimit: Box = {
  key: "synPerSecond",
  label: "SYN packets a second of all clients",
  hint: "Empty: no limit. Both families together; what is above is dropped and may be sent again by the client.",
};

const log: Box = {
  key: "logPerSecond",
  label: "Log lines a second",
  hint: "Empty: off. What is turned away is written to the balancer's kernel log, at most so many lines; the Live page shows how they begin.",
};

const marks: readonly Box[] = [
  {
    key: "dscp",
    label: "DSCP",
    hint: "Empty: as it is. A name like af21 or ef, or 0 to 63; on packets of both directions.",
  },
  {
    key: "priority",
    label: "Class for tc",
    hint: "Empty: none. MAJOR:MINOR like 1:10, as tc writes it; both directions.",
  },
];

type FiltersSectionProps = { readonly form: FarmForm; readonly listNames: readonly string[] };

export function FiltersSection({ form, listNames }: FiltersSectionProps) {
  const { protocol, policy } = form.draft;
  const set = (patch: Partial<PolicyDraft>) => form.set({ policy: { ...policy, ...patch } });
  // any filter stands for all of them
  const against = form.reasonAgainst((draft) => ({ ...draft, policy: { ...draft.policy, dropInvalid: true } }));
  const text = (box: Box) => <TextBox key={box.key} form={form} box={box} set={set} />;
  return (
    <FoldSection form={form} title="Filters and QoS" summary={policySummary(policy)} paths={/^policy/}>
      {against === null ? null : <p className="text-small text-ink-2 lg:col-span-2">{against}.</p>}
      <fieldset disabled={against !== null} className="contents">
        <legend className="sr-only">Filters and QoS</legend>
        {lists.map((box) => (
          <div key={box.key} className="grid content-start gap-1.5">
            {text(box)}
            <ListReferences
              label={box.label}
              names={listNames}
              value={policy[box.key]}
              onAdd={(value) => set({ [box.key]: value })}
            />
          </div>
        ))}
        {limits.map(text)}
        {protocol === "tcp" ? text(synLimit) : null}
        {text(log)}
        <div className="grid content-start gap-1 lg:col-span-2">
          {protocol === "tcp" ? <SynProxy form={form} set={set} /> : null}
          <Checkbox checked={policy.dropInvalid} onChange={(event) => set({ dropInvalid: event.target.checked })}>
            Drop invalid packets and bogus TCP flags
          </Checkbox>
        </div>
        {marks.map(text)}
      </fieldset>
      {form.isChanged("policy") ? <p className="text-small lg:col-span-2">{hintOf(form, "policy")}</p> : null}
    </FoldSection>
  );
}

function SynProxy({ form, set }: Omit<TextBoxProps, "box">) {
  const error = form.errorOf("policy.synProxy");
  return (
    <div className="grid gap-1">
      <Checkbox checked={form.draft.policy.synProxy} onChange={(event) => set({ synProxy: event.target.checked })}>
        SYN proxy: a client proves that it is there before a backend is asked
      </Checkbox>
      {error === null ? null : <FieldError>{error}</FieldError>}
      <p className="text-small text-ink-3">
        The host must agree: it changes how all its TCP connections are tracked (nf_conntrack_tcp_loose=0).
      </p>
    </div>
  );
}

type TextBoxProps = {
  readonly form: FarmForm;
  readonly box: Box;
  readonly set: (patch: Partial<PolicyDraft>) => void;
};

function TextBox({ form, box: { key, label, hint }, set }: TextBoxProps) {
  const path = `policy.${key}`;
  const Control = key === "allow" || key === "deny" ? TextArea : TextInput;
  return (
    <Field label={label} error={form.errorOf(path)} hint={hint}>
      {(control) => (
        <Control
          {...control}
          name={path}
          mono
          value={form.draft.policy[key]}
          onChange={(event: { target: { value: string } }) => set({ [key]: event.target.value })}
          onBlur={() => form.touch(path)}
        />
      )}
    </Field>
  );
}
