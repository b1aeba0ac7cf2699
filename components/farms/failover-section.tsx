import type { Failover } from "@/server/core/farm/failover.ts";
import { ChoiceField, type Option } from "./choice-field.tsx";
import { FoldSection } from "./fold-section.tsx";
import { failoverSummary } from "./follow-draft.ts";
import { FormBox } from "./form-box.tsx";
import type { FarmDraft } from "./form-model.ts";
import { hintOf } from "./form-section.tsx";
import type { FarmForm } from "./use-farm-form.ts";

const fates: readonly Option<FarmDraft["onDown"]>[] = [
  { value: "keep", label: "Are kept", hint: "A backend that is only briefly away goes on with them." },
  { value: "cut", label: "Are cut", hint: "Clients learn at once and connect anew, to another backend." },
];

const boxes: readonly { readonly key: keyof Failover; readonly label: string; readonly hint: string }[] = [
  {
    key: "slowStartS",
    label: "Slow start, seconds",
    hint: "A backend that comes up gets a tenth of its share, which grows to the whole in this time. 0: the whole at once.",
  },
  {
    key: "panicPct",
    label: "Panic threshold, percent",
    hint: "When more of the backends fail at once, the checks are not believed and nobody else is taken out. 100: always believed.",
  },
  {
    key: "quorum",
    label: "Quorum, backends",
    hint: "With fewer that can serve, the farm counts as down: the next tier or the sorry server takes over.",
  },
  {
    key: "flapChanges",
    label: "Flap damping, changes in 10 minutes",
    hint: "A backend that goes up and down this often comes back later and later. 0: never held back.",
  },
];

/** What follows from the checks, and how long a drain may take. */
export function FailoverSection({ form }: { readonly form: FarmForm }) {
  const { failover, onDown, drainDeadlineS } = form.draft;
  const against = form.reasonAgainst((draft) => ({ ...draft, drainDeadlineS: "600" }));
  const isOff = against !== null && drainDeadlineS === "";
  return (
    <FoldSection
      form={form}
      title="When a backend fails or drains"
      summary={failoverSummary(failover, onDown, drainDeadlineS)}
      paths={/^(failover|onDown|drainDeadlineS)/}
    >
      <ChoiceField
        form={form}
        path="onDown"
        field="onDown"
        label="Open TCP connections of a backend that goes down"
        value={onDown}
        options={fates}
        patchOf={(value) => (draft) => ({ ...draft, onDown: value })}
      />
      <FormBox
        form={form}
        path="drainDeadlineS"
        label="Deadline of a drain, seconds"
        kind="number"
        hint={
          isOff
            ? `${against}.`
            : hintOf(form, "drainDeadlineS", "What is left then is cut. Empty: nothing is cut by itself.")
        }
        disabled={isOff}
        value={drainDeadlineS}
        onChange={(value) => form.set({ drainDeadlineS: value })}
      />
      {boxes.map(({ key, label, hint }) => (
        <FormBox
          key={key}
          form={form}
          path={`failover.${key}`}
          label={label}
          kind="number"
          hint={hint}
          value={failover[key]}
          onChange={(value) => form.set({ failover: { ...failover, [key]: value } })}
        />
      ))}
      {form.isChanged("failover") ? <p className="text-small lg:col-span-2">{hintOf(form, "failover")}</p> : null}
    </FoldSection>
  );
}
