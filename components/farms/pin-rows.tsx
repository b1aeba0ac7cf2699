import { Plus, X } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { Select } from "@/components/ui/choice.tsx";
import { Field, FieldError } from "@/components/ui/field.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";
import { pinsMax } from "@/server/core/farm/pins.ts";
import type { FarmDraft } from "./form-model.ts";
import type { PinDraft } from "./sticky-draft.ts";
import type { FarmForm } from "./use-farm-form.ts";

/** "This client, that backend", a row each. */
export function PinRows({ form }: { readonly form: FarmForm }) {
  const { pins } = form.draft;
  const added = (draft: FarmDraft, client: string): FarmDraft => ({
    ...draft,
    pins: [...draft.pins, { client, backendId: draft.backends[0]?.id ?? "" }],
  });
  // judged with a client that is written right, whoever it will be
  const against = form.reasonAgainst((draft) => added(draft, exampleOf(draft)));
  const full = pins.length >= pinsMax ? `${pinsMax} pins are the most` : null;
  const listError = form.errorOf("pins");
  return (
    <fieldset className="grid content-start gap-2 lg:col-span-2">
      <legend className="mb-1 font-medium">Pinned clients</legend>
      {pins.map((pin, index) => (
        <PinRow
          // pins are edited in place: their place is their identity
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          key={index}
          form={form}
          pin={pin}
          path={`pins[${index}]`}
          title={`pin ${index + 1}`}
          onChange={(more) => form.set({ pins: pins.map((old, at) => (at === index ? { ...old, ...more } : old)) })}
          onRemove={() => form.set({ pins: pins.filter((_, at) => at !== index) })}
        />
      ))}
      {listError === null ? null : <FieldError>{listError}</FieldError>}
      <div>
        <Button disabledReason={full ?? against} onClick={() => form.change((draft) => added(draft, ""))}>
          <Plus aria-hidden className="size-4" strokeWidth={1.5} />
          Pin a client
        </Button>
      </div>
      <p className="text-small text-ink-3">
        {against === null
          ? "An address, a prefix or a range always goes to this backend, as long as that takes connections."
          : `${against}.`}
      </p>
    </fieldset>
  );
}

type PinRowProps = {
  readonly form: FarmForm;
  readonly pin: PinDraft;
  readonly path: string;
  readonly title: string;
  readonly onChange: (more: Partial<PinDraft>) => void;
  readonly onRemove: () => void;
};

function PinRow({ form, pin, path, title, onChange, onRemove }: PinRowProps) {
  const { backends } = form.draft;
  const isGone = !backends.some(({ id }) => id === pin.backendId);
  const options = backends.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <div className="grid grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)_28px] items-start gap-2 lg:max-w-[560px]">
      <Field label={`Client of ${title}`} hideLabel error={form.errorOf(`${path}.client`)}>
        {(control) => (
          <TextInput
            {...control}
            name={`${path}.client`}
            mono
            placeholder="10.0.0.5 or 10.1.0.0/24"
            value={pin.client}
            onChange={(event) => onChange({ client: event.target.value })}
            onBlur={() => form.touch(`${path}.client`)}
          />
        )}
      </Field>
      <Field label={`Backend of ${title}`} hideLabel error={form.errorOf(`${path}.backend`)}>
        {(control) => (
          <Select
            {...control}
            name={`${path}.backend`}
            value={pin.backendId}
            options={isGone ? [{ value: pin.backendId, label: "removed" }, ...options] : options}
            onChange={(event) => onChange({ backendId: event.target.value })}
          />
        )}
      </Field>
      <IconButton
        className="mt-0.5"
        label={`Remove ${title}`}
        icon={<X aria-hidden className="size-4" strokeWidth={1.5} />}
        onClick={onRemove}
      />
    </div>
  );
}

function exampleOf({ backends }: FarmDraft): string {
  return backends[0]?.address.includes(":") ? "2001:db8:ffff::9" : "192.0.2.254";
}
