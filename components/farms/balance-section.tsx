import { usesHashFields } from "@/server/core/farm/hash-slots.ts";
import { ChoiceField } from "./choice-field.tsx";
import { FormSection } from "./form-section.tsx";
import { hashChoices, schedulers } from "./scheduler-choices.ts";
import type { FarmForm } from "./use-farm-form.ts";

/** By what a new connection gets its backend. */
export function BalanceSection({ form }: { readonly form: FarmForm }) {
  const { scheduler, hashFields } = form.draft;
  return (
    <FormSection title="How it balances">
      <ChoiceField
        form={form}
        path="scheduler"
        field="scheduler"
        label="Scheduler"
        value={scheduler}
        options={schedulers}
        patchOf={(value) => (draft) => ({ ...draft, scheduler: value })}
      />
      {usesHashFields(scheduler) ? (
        <ChoiceField
          form={form}
          path="hashFields"
          field="hashFields"
          label="Hash by"
          value={hashFields}
          options={hashChoices}
          patchOf={(value) => (draft) => ({ ...draft, hashFields: value })}
        />
      ) : null}
    </FormSection>
  );
}
