import { Field } from "@/components/ui/field.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";
import { ChoiceField } from "./choice-field.tsx";
import { DirectReturn } from "./direct-return.tsx";
import { FoldSection } from "./fold-section.tsx";
import type { FarmDraft } from "./form-model.ts";
import { hintOf } from "./form-section.tsx";
import { forwardings } from "./forwarding-choices.ts";
import type { FarmForm } from "./use-farm-form.ts";

/** How packets get to a backend, and whom it sees as the client. */
export function ForwardingSection({ form }: { readonly form: FarmForm }) {
  const { forwarding, snatAddress } = form.draft;
  return (
    <FoldSection form={form} title="Forwarding" summary={summaryOf(form.draft)} paths={/^(forwarding|snatAddress)/}>
      <ChoiceField
        form={form}
        path="forwarding"
        field="forwarding"
        label="Forwarding"
        value={forwarding}
        options={forwardings}
        patchOf={(value) => (draft) => ({ ...draft, forwarding: value })}
      />
      {forwarding === "dsr" ? <DirectReturn addresses={form.draft.addresses} /> : null}
      {forwarding === "snat" ? (
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
              value={snatAddress}
              onChange={(event) => form.set({ snatAddress: event.target.value })}
              onBlur={() => form.touch("snatAddress")}
            />
          )}
        </Field>
      ) : null}
    </FoldSection>
  );
}

function summaryOf({ forwarding, snatAddress }: FarmDraft): string {
  const label = forwardings.find(({ value }) => value === forwarding)?.label ?? forwarding;
  if (forwarding !== "snat") return label;
  return `${label}, ${snatAddress.trim() === "" ? "masquerade" : `from ${snatAddress.trim()}`}`;
}
