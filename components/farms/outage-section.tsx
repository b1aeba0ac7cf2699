import { Field, FieldError } from "@/components/ui/field.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";
import { ChoiceField, type Option } from "./choice-field.tsx";
import { FoldSection } from "./fold-section.tsx";
import { answersEveryPort, type FarmDraft } from "./form-model.ts";
import type { FarmForm } from "./use-farm-form.ts";

const answers: readonly Option<FarmDraft["onAllDown"]>[] = [
  { value: "reject", label: "Reject", hint: "Clients learn at once that nobody serves." },
  { value: "drop", label: "Drop", hint: "Clients wait until they give up." },
];

/** What clients get while no backend takes connections. */
export function OutageSection({ form }: { readonly form: FarmForm }) {
  const { onAllDown, sorry } = form.draft;
  const keepsPort = answersEveryPort(form.draft);
  // judged with an address that is written right
  const against = form.reasonAgainst((draft) => ({ ...draft, sorry: { address: exampleOf(draft), port: "" } }));
  const isOff = against !== null && sorry.address === "";
  const error = form.errorOf("sorryServer");
  const box = (key: "address" | "port", label: string, hint: string) => {
    const path = `sorryServer.${key}`;
    const isKept = key === "port" && keepsPort;
    return (
      <Field label={label} error={form.errorOf(path)} hint={hint}>
        {(control) => (
          <TextInput
            {...control}
            name={path}
            mono
            disabled={isOff || isKept}
            value={isKept ? "as asked" : sorry[key]}
            onChange={(event) => form.set({ sorry: { ...sorry, [key]: event.target.value } })}
            onBlur={() => form.touch(path)}
          />
        )}
      </Field>
    );
  };
  return (
    <FoldSection
      form={form}
      title="When no backend serves"
      summary={summaryOf(form.draft)}
      paths={/^(onAllDown|sorryServer)/}
    >
      <ChoiceField
        form={form}
        path="onAllDown"
        field="onAllDown"
        label="New connections"
        value={onAllDown}
        options={answers}
        patchOf={(value) => (draft) => ({ ...draft, onAllDown: value })}
      />
      <div className="grid content-start gap-x-3 gap-y-4 sm:grid-cols-[minmax(0,1fr)_120px]">
        {box(
          "address",
          "Sorry server",
          isOff ? `${against}.` : "Answers instead, such as with a page of its own. Empty: none.",
        )}
        {box("port", "Its port", "Empty: as asked.")}
      </div>
      {error === null ? null : <FieldError>{error}</FieldError>}
    </FoldSection>
  );
}

function summaryOf({ onAllDown, sorry }: FarmDraft): string {
  if (sorry.address.trim() !== "") return `Sorry server ${sorry.address.trim()}`;
  return onAllDown === "reject" ? "Connections are rejected" : "Connections are dropped";
}

function exampleOf({ addresses }: FarmDraft): string {
  return addresses.some((address) => address.trim() !== "" && !address.includes(":")) ||
    addresses.every((a) => a.trim() === "")
    ? "192.0.2.253"
    : "2001:db8:ffff::8";
}
