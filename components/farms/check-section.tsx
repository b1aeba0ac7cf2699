import type { ReactNode } from "react";
import { Button } from "@/components/ui/button.tsx";
import { checkSummary, farmChecks, paces, presets, withPreset } from "./check-choices.ts";
import type { CheckDraft } from "./check-draft.ts";
import { CheckFields } from "./check-fields.tsx";
import { ChoiceField } from "./choice-field.tsx";
import { FoldSection } from "./fold-section.tsx";
import type { FarmDraft } from "./form-model.ts";
import type { FarmForm } from "./use-farm-form.ts";

/** How the backends of the farm are asked whether they work. */
export function CheckSection({ form }: { readonly form: FarmForm }) {
  const { check } = form.draft;
  const set = (patch: Partial<CheckDraft>) => form.set({ check: { ...check, ...patch } });
  const own = form.draft.backends.filter((backend) => backend.check.type !== "none").length;
  const summary =
    own === 0
      ? checkSummary(check)
      : `${checkSummary(check)}; ${own} ${own === 1 ? "backend has its" : "backends have their"} own`;
  return (
    <FoldSection form={form} title="Health check" summary={summary} paths={/^healthCheck/}>
      <ChoiceField
        form={form}
        path="healthCheck.type"
        field="check"
        label="Backends are asked by"
        value={check.type}
        options={farmChecks}
        patchOf={(type) => (draft) => ({ ...draft, check: { ...draft.check, type } })}
      />
      <div className="grid content-start gap-3">
        <Presets form={form} />
        {check.type === "none" ? null : (
          <Row legend="How often">
            {paces.map(({ label, patch }) => (
              <Button key={label} on={isSet(check, patch)} onClick={() => set(patch)}>
                {label}
              </Button>
            ))}
          </Row>
        )}
      </div>
      {check.type === "none" ? null : <CheckFields form={form} path="healthCheck" check={check} onChange={set} />}
    </FoldSection>
  );
}

function Presets({ form }: { readonly form: FarmForm }) {
  const { check } = form.draft;
  return (
    <Row legend="Common checks">
      {presets.map((preset) => {
        const next = (draft: FarmDraft) => ({ ...draft, check: withPreset(draft.check, preset) });
        const isOn = check.type === preset.patch.type && isSet(check, withPreset(check, preset));
        return (
          <Button
            key={preset.label}
            on={isOn}
            disabledReason={isOn ? null : form.reasonAgainst(next)}
            onClick={() => form.change(next)}
          >
            {preset.label}
          </Button>
        );
      })}
    </Row>
  );
}

function Row({ legend, children }: { readonly legend: string; readonly children: ReactNode }) {
  return (
    <fieldset className="flex flex-wrap items-center gap-1.5">
      <legend className="mb-1 font-medium">{legend}</legend>
      {children}
    </fieldset>
  );
}

function isSet(check: CheckDraft, patch: Partial<CheckDraft>): boolean {
  return Object.entries({ ...check, ...patch }).every(([key, value]) => check[key as keyof CheckDraft] === value);
}
