import { Switch } from "@/components/ui/choice.tsx";
import { FieldError } from "@/components/ui/field.tsx";
import type { Outlier } from "@/server/core/farm/outlier.ts";
import { FoldSection } from "./fold-section.tsx";
import { outlierSummary } from "./follow-draft.ts";
import { FormBox } from "./form-box.tsx";
import type { FarmDraft } from "./form-model.ts";
import { hintOf } from "./form-section.tsx";
import type { FarmForm } from "./use-farm-form.ts";

const boxes: readonly { readonly key: keyof Outlier; readonly label: string; readonly hint: string }[] = [
  {
    key: "failedPct",
    label: "Failed opens, percent",
    hint: "Refused or unanswered: from this part on it is taken out.",
  },
  { key: "windowS", label: "Within, seconds", hint: "1 to 300. The failed part is that of this time." },
  { key: "opensMin", label: "Opens at least", hint: "With fewer in that time nothing is concluded." },
  { key: "holdS", label: "Out for, seconds", hint: "Doubles with each time in a row." },
  { key: "holdMaxS", label: "At most, seconds", hint: "The doubling ends here." },
  { key: "ejectedPctMax", label: "Backends out at once, percent", hint: "Never more of the farm than this." },
];

/** Ejection by what real clients see, beside or without a check. */
export function OutlierSection({ form }: { readonly form: FarmForm }) {
  const { outlier } = form.draft;
  const on = (draft: FarmDraft) => ({ ...draft, outlier: { ...draft.outlier, isOn: true } });
  const against = outlier.isOn ? null : form.reasonAgainst(on);
  const error = form.errorOf("outlier");
  return (
    <FoldSection form={form} title="Ejection by real traffic" summary={outlierSummary(outlier)} paths={/^outlier/}>
      <div className="grid content-start gap-1 lg:col-span-2">
        <Switch
          checked={outlier.isOn}
          disabled={against !== null}
          onCheckedChange={(isOn) => form.set({ outlier: { ...outlier, isOn } })}
        >
          Take out a backend whose clients fail to connect
        </Switch>
        <p className="text-small text-ink-3">
          {against === null
            ? hintOf(form, "outlier", "Seen in the kernel's own connections: it also finds what no check asks for.")
            : `${against}.`}
        </p>
        {error === null ? null : <FieldError>{error}</FieldError>}
      </div>
      {outlier.isOn
        ? boxes.map(({ key, label, hint }) => (
            <FormBox
              key={key}
              form={form}
              path={`outlier.${key}`}
              label={label}
              kind="number"
              hint={hint}
              value={outlier[key]}
              onChange={(value) => form.set({ outlier: { ...outlier, [key]: value } })}
            />
          ))
        : null}
    </FoldSection>
  );
}
