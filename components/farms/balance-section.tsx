import { Select } from "@/components/ui/choice.tsx";
import { Field } from "@/components/ui/field.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";
import { usesHashFields } from "@/server/core/farm/hash-slots.ts";
import { FormSection, hintOf } from "./form-section.tsx";
import { forwardings } from "./forwarding-choices.ts";
import { hashChoices, schedulers } from "./scheduler-choices.ts";
import type { FarmForm } from "./use-farm-form.ts";

const answers = [
  { value: "reject", label: "Reject", hint: "Clients learn at once that nobody serves." },
  { value: "drop", label: "Drop", hint: "Clients wait until they give up." },
] as const;

export function BalanceSection({ form }: { readonly form: FarmForm }) {
  const { draft } = form;
  return (
    <FormSection title="How it balances">
      <Choice form={form} name="scheduler" label="Scheduler" options={schedulers} />
      {usesHashFields(draft.scheduler) ? (
        <Choice form={form} name="hashFields" label="Hash by" options={hashChoices} />
      ) : null}
      <Choice form={form} name="forwarding" label="Forwarding" options={forwardings} />
      <Choice form={form} name="onAllDown" label="When no backend serves" options={answers} />
      {draft.forwarding === "snat" ? (
        <Field
          label="Source address"
          error={form.errorOf("snatAddress")}
          hint={hintOf(form, "snatAddress", "Empty: the address of the interface the packet leaves by (masquerade).")}
        >
          {(control) => (
            <TextInput
              {...control}
              name="snatAddress"
              mono
              value={draft.snatAddress}
              onChange={(event) => form.set({ snatAddress: event.target.value })}
              onBlur={() => form.touch("snatAddress")}
            />
          )}
        </Field>
      ) : null}
    </FormSection>
  );
}

type ChoiceProps<K extends "scheduler" | "hashFields" | "forwarding" | "onAllDown"> = {
  readonly form: FarmForm;
  readonly name: K;
  readonly label: string;
  readonly options: readonly {
    readonly value: FarmForm["draft"][K];
    readonly label: string;
    readonly hint: string;
  }[];
};

function Choice<K extends "scheduler" | "hashFields" | "forwarding" | "onAllDown">({
  form,
  name,
  label,
  options,
}: ChoiceProps<K>) {
  const chosen = options.find(({ value }) => value === form.draft[name]);
  return (
    <Field label={label} error={form.errorOf(name)} hint={hintOf(form, name, chosen?.hint)}>
      {(control) => (
        <Select
          {...control}
          name={name}
          value={form.draft[name]}
          options={options.map(({ value, label: text }) => ({ value, label: text }))}
          onChange={(event) => {
            const next = options.find(({ value }) => value === event.target.value);
            if (next !== undefined) form.set({ [name]: next.value });
          }}
        />
      )}
    </Field>
  );
}
