import { Switch } from "@/components/ui/choice.tsx";
import { Field } from "@/components/ui/field.tsx";
import { TextArea, TextInput } from "@/components/ui/text-input.tsx";
import { FormSection, hintOf } from "./form-section.tsx";
import type { FarmForm } from "./use-farm-form.ts";

export function IdentitySection({ form }: { readonly form: FarmForm }) {
  const { draft } = form;
  return (
    <FormSection title="Farm">
      <Field
        label="Name"
        required
        error={form.errorOf("name")}
        hint="Lower-case letters, digits and hyphens; unique on this balancer."
      >
        {(control) => (
          <TextInput
            {...control}
            name="name"
            value={draft.name}
            onChange={(event) => form.set({ name: event.target.value })}
            onBlur={() => form.touch("name")}
          />
        )}
      </Field>
      <Field label="Tags" error={form.errorOf("tags")} hint="Separated by commas.">
        {(control) => (
          <TextInput
            {...control}
            name="tags"
            value={draft.tags}
            onChange={(event) => form.set({ tags: event.target.value })}
            onBlur={() => form.touch("tags")}
          />
        )}
      </Field>
      <div className="grid content-start gap-1">
        <span className="font-medium">State</span>
        <Switch checked={draft.enabled} onCheckedChange={(enabled) => form.set({ enabled })}>
          Enabled
        </Switch>
        <p className="text-small text-ink-3">
          {hintOf(form, "enabled", "A farm that is not enabled keeps its addresses for itself, but answers nothing.")}
        </p>
      </div>
      <Field label="Notes" error={form.errorOf("notes")}>
        {(control) => (
          <TextArea
            {...control}
            name="notes"
            rows={2}
            value={draft.notes}
            onChange={(event) => form.set({ notes: event.target.value })}
            onBlur={() => form.touch("notes")}
          />
        )}
      </Field>
    </FormSection>
  );
}
