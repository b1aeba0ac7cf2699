import { Plus, X } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { Checkbox } from "@/components/ui/choice.tsx";
import { Field, FieldError } from "@/components/ui/field.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";
import { limits } from "@/server/core/farm/limits.ts";
import { ChoiceField } from "./choice-field.tsx";
import { answersEveryPort } from "./form-model.ts";
import { FormSection, hintOf } from "./form-section.tsx";
import { protocols } from "./forwarding-choices.ts";
import type { FarmForm } from "./use-farm-form.ts";

export function ListenSection({ form }: { readonly form: FarmForm }) {
  const { draft } = form;
  return (
    <FormSection title="Where it listens">
      <Addresses form={form} />
      <div className="grid content-start gap-4">
        <ChoiceField
          form={form}
          path="protocol"
          field="protocol"
          label="Protocol"
          value={draft.protocol}
          options={protocols}
          patchOf={(protocol) => (old) => ({ ...old, protocol })}
        />
        <Ports form={form} />
      </div>
    </FormSection>
  );
}

function Ports({ form }: { readonly form: FarmForm }) {
  const { draft } = form;
  const isEvery = answersEveryPort(draft);
  const isAll = draft.protocol === "all";
  const against = isEvery ? null : form.reasonAgainst((old) => ({ ...old, everyPort: true }));
  return (
    <div className="grid gap-1.5">
      <Field
        label="Ports"
        error={form.errorOf("ports")}
        hint={hintOf(form, "ports", isEvery ? undefined : "Numbers and ranges: 80, 443, 8000-8010.")}
      >
        {(control) => (
          <TextInput
            {...control}
            name="ports"
            mono
            disabled={isEvery}
            value={isEvery ? "every port" : draft.ports}
            onChange={(event) => form.set({ ports: event.target.value })}
            onBlur={() => form.touch("ports")}
          />
        )}
      </Field>
      <Checkbox
        checked={isEvery}
        disabled={isAll || against !== null}
        onChange={(event) => form.set({ everyPort: event.target.checked })}
      >
        Every port
      </Checkbox>
      {isAll ? (
        <p className="text-small text-ink-3">Not every protocol has ports, so all of them are answered.</p>
      ) : null}
      {against === null ? null : (
        <p className="text-small text-ink-3">
          <b className="font-medium text-ink-2">Not every port:</b> {against}.
        </p>
      )}
    </div>
  );
}

/** VIPs, each with its own error; the first row cannot be taken away. */
function Addresses({ form }: { readonly form: FarmForm }) {
  const { addresses } = form.draft;
  const setAt = (index: number, text: string) =>
    form.set({ addresses: addresses.map((old, at) => (at === index ? text : old)) });
  const listError = form.errorOf("addresses");
  return (
    <fieldset className="grid content-start gap-2">
      <legend className="mb-1 font-medium">
        Addresses (VIPs) <span className="font-normal text-ink-3">(required)</span>
      </legend>
      {addresses.map((address, index) => {
        const path = `addresses[${index}]`;
        return (
          // addresses are edited in place: their place is their identity
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <div key={index} className="flex items-start gap-1">
            <Field className="flex-1" label={`Address ${index + 1}`} hideLabel error={form.errorOf(path)}>
              {(control) => (
                <TextInput
                  {...control}
                  name={path}
                  mono
                  placeholder="192.0.2.10 or 2001:db8::10"
                  value={address}
                  onChange={(event) => setAt(index, event.target.value)}
                  onBlur={() => form.touch(path)}
                />
              )}
            </Field>
            {addresses.length > 1 ? (
              <IconButton
                className="mt-0.5"
                label={`Remove address ${index + 1}`}
                icon={<X aria-hidden className="size-4" strokeWidth={1.5} />}
                onClick={() => form.set({ addresses: addresses.filter((_, at) => at !== index) })}
              />
            ) : null}
          </div>
        );
      })}
      {listError === null ? null : <FieldError>{listError}</FieldError>}
      <div>
        <Button
          disabledReason={addresses.length >= limits.addressesPerFarmMax ? "16 addresses are the most" : null}
          onClick={() => form.set({ addresses: [...addresses, ""] })}
        >
          <Plus aria-hidden className="size-4" strokeWidth={1.5} />
          Add address
        </Button>
      </div>
      <p className="text-small text-ink-3">
        {hintOf(form, "addresses", "IPv4 or IPv6; an address and port belong to one farm only.")}
      </p>
    </fieldset>
  );
}
