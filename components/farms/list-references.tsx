import { Button } from "@/components/ui/button.tsx";
import { withReference } from "./policy-draft.ts";

type ListReferencesProps = {
  /** of the box */
  readonly label: string;
  /** of the balancer's lists */
  readonly names: readonly string[];
  /** what stands in the box */
  readonly value: string;
  readonly onAdd: (value: string) => void;
};

/** The balancer's lists, to be put into a box of clients. */
export function ListReferences({ label, names, value, onAdd }: ListReferencesProps) {
  if (names.length === 0) return null;
  return (
    <fieldset className="flex flex-wrap items-center gap-1.5">
      <legend className="sr-only">Lists for: {label}</legend>
      {names.map((name) => {
        const next = withReference(value, name);
        return (
          <Button
            key={name}
            aria-label={`Add the list ${name} to: ${label}`}
            disabledReason={next === value ? "It is there already" : null}
            onClick={() => onAdd(next)}
          >
            @{name}
          </Button>
        );
      })}
    </fieldset>
  );
}
