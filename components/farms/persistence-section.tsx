import { Field, FieldError } from "@/components/ui/field.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";
import { ownSizeDefault } from "@/server/core/farm/persistence.ts";
import { ChoiceField, type Option } from "./choice-field.tsx";
import { FoldSection } from "./fold-section.tsx";
import type { FarmDraft } from "./form-model.ts";
import { PinRows } from "./pin-rows.tsx";
import { type StickyDraft, stickyText } from "./sticky-draft.ts";
import type { FarmForm } from "./use-farm-form.ts";

const keys: readonly Option<StickyDraft["by"]>[] = [
  { value: "none", label: "No", hint: "Each connection is scheduled by itself." },
  {
    value: "source-address",
    label: "By client address",
    hint: "A client's later connections go to the backend of its first.",
  },
  {
    value: "destination-address",
    label: "By the address asked for",
    hint: "Everybody who asks one address of the farm goes to one backend.",
  },
];

const whenDraining: readonly Option<FarmDraft["drainSticky"]>[] = [
  { value: "stay", label: "They stay", hint: "They keep coming back until their time has run out." },
  { value: "move", label: "They move", hint: "At their next connection they get another backend." },
];

/** Which clients keep their backend, and for how long. */
export function PersistenceSection({ form }: { readonly form: FarmForm }) {
  const { persistence, pins, drainSticky } = form.draft;
  const error = form.errorOf("persistence");
  const patch = (more: Partial<StickyDraft>) => (draft: FarmDraft) => ({
    ...draft,
    persistence: { ...draft.persistence, ...more },
  });
  return (
    <FoldSection
      form={form}
      title="Persistence"
      summary={stickyText(persistence, pins.length)}
      paths={/^(persistence|pins|drainSticky)/}
    >
      <ChoiceField
        form={form}
        path="persistence.by"
        field="persistence"
        label="Remember clients"
        value={persistence.by}
        options={keys}
        patchOf={(by) => patch({ by })}
      />
      {persistence.by === "none" ? null : (
        <>
          {box(form, "timeoutS", "For how long, seconds", "Begins anew with each connection of the client.")}
          {box(
            form,
            "prefixV4",
            "IPv4 prefix length",
            "32: each address by itself. 24: 256 neighbours are one client.",
          )}
          {box(form, "prefixV6", "IPv6 prefix length", "64: one network is one client, as most are given.")}
          {box(
            form,
            "size",
            "Clients remembered at most",
            `Empty: the map that farms share; for a prefix and for IPv6 one of ${ownSizeDefault.toLocaleString("en-US")} of the farm's own.`,
          )}
        </>
      )}
      {persistence.by === "none" && drainSticky === "stay" ? null : (
        <ChoiceField
          form={form}
          path="drainSticky"
          field="drainSticky"
          label="Remembered clients of a backend that drains"
          value={drainSticky}
          options={whenDraining}
          patchOf={(value) => (draft) => ({ ...draft, drainSticky: value })}
        />
      )}
      {error === null ? null : <FieldError>{error}</FieldError>}
      <PinRows form={form} />
    </FoldSection>
  );
}

function box(form: FarmForm, key: Exclude<keyof StickyDraft, "by">, label: string, hint: string) {
  const path = `persistence.${key}`;
  const { persistence } = form.draft;
  return (
    <Field key={key} label={label} error={form.errorOf(path)} hint={hint}>
      {(control) => (
        <TextInput
          {...control}
          name={path}
          inputMode="numeric"
          value={persistence[key]}
          onChange={(event) => form.set({ persistence: { ...persistence, [key]: event.target.value } })}
          onBlur={() => form.touch(path)}
        />
      )}
    </Field>
  );
}
