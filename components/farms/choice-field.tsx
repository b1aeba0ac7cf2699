import { Select } from "@/components/ui/choice.tsx";
import { Field } from "@/components/ui/field.tsx";
import type { Patch } from "./combinations.ts";
import type { FarmDraft } from "./form-model.ts";
import { hintOf } from "./form-section.tsx";
import type { FarmForm } from "./use-farm-form.ts";

export type Option<T> = { readonly value: T; readonly label: string; readonly hint: string };

type ChoiceFieldProps<T extends string> = {
  readonly form: FarmForm;
  /** its name, and the path of its error */
  readonly path: string;
  readonly field: keyof FarmDraft;
  readonly label: string;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly patchOf: (value: T) => Patch;
};

/** A choice of a few: those that cannot be made with the rest of the form are disabled, and say why below. */
export function ChoiceField<T extends string>(props: ChoiceFieldProps<T>) {
  const { form, path, field, label, value, options, patchOf } = props;
  const reasons = new Map(
    options.flatMap((option) => {
      const reason = option.value === value ? null : form.reasonAgainst(patchOf(option.value));
      return reason === null ? [] : [[option.value, reason] as const];
    }),
  );
  const chosen = options.find((option) => option.value === value);
  const hint = hintOf(form, field, chosen?.hint === "" ? undefined : chosen?.hint);
  return (
    <Field
      label={label}
      error={form.errorOf(path)}
      hint={
        hint === undefined && reasons.size === 0 ? undefined : (
          <>
            {hint} <Unavailable options={options} reasons={reasons} />
          </>
        )
      }
    >
      {(control) => (
        <Select
          {...control}
          name={path}
          value={value}
          options={options.map((option) => ({ ...option, disabled: reasons.has(option.value) }))}
          onChange={(event) => {
            const next = options.find((option) => option.value === event.target.value);
            if (next !== undefined) form.change(patchOf(next.value));
          }}
        />
      )}
    </Field>
  );
}

type UnavailableProps<T extends string> = {
  readonly options: readonly Option<T>[];
  readonly reasons: ReadonlyMap<T, string>;
};

/** Choices that one sentence rules out stand together. */
function Unavailable<T extends string>({ options, reasons }: UnavailableProps<T>) {
  const groups = new Map<string, string[]>();
  for (const { value, label } of options) {
    const reason = reasons.get(value);
    // core names the choice in its sentence: of several, the first stands for all
    const kind = reason?.replaceAll(value, "");
    if (kind !== undefined) groups.set(kind, [...(groups.get(kind) ?? []), label]);
  }
  return Array.from(groups.values(), (labels) => {
    const first = options.find(({ label }) => label === labels[0]);
    return (
      <span key={labels[0]} className="mt-1 block">
        <b className="font-medium text-ink-2">Not {labels.join(", ")}:</b>{" "}
        {first === undefined ? "" : reasons.get(first.value)}.
      </span>
    );
  });
}
