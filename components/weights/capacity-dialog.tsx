import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Field } from "@/components/ui/field.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";
import type { Backend } from "@/server/core/farm/types.ts";

type CapacityDialogProps = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly backends: readonly Backend[];
  readonly onSet: (capacities: Readonly<Record<string, number>>) => void;
};

/** Weights in proportion to what the machines can do: cores, memory, requests a second; only the ratio counts. */
export function CapacityDialog({ open, onClose, backends, onSet }: CapacityDialogProps) {
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const errorOf = (id: string) => (isCapacity(texts[id] ?? "") ? null : "A number above 0, or empty");
  const filled = backends.filter(({ id }) => (texts[id] ?? "").trim() !== "");
  const isBad = backends.some(({ id }) => errorOf(id) !== null);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      size="sm"
      title="Set weights by capacity"
      description="Any unit, the same for all: cores, memory, requests a second. The largest keeps the largest weight; empty rows keep theirs."
      onSubmit={() => {
        if (isBad || filled.length === 0) return;
        onSet(Object.fromEntries(filled.map(({ id }) => [id, Number(texts[id])])));
        onClose();
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            disabledReason={isBad ? "A capacity is not a number" : filled.length === 0 ? "No capacity given yet" : null}
          >
            Set weights
          </Button>
        </>
      }
    >
      <div className="grid gap-2">
        {backends.map(({ id, name }) => (
          <Field key={id} label={name} error={errorOf(id)}>
            {(control) => (
              <TextInput
                {...control}
                inputMode="decimal"
                value={texts[id] ?? ""}
                onChange={(event) => setTexts({ ...texts, [id]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
    </Dialog>
  );
}

function isCapacity(text: string): boolean {
  const trimmed = text.trim();
  return trimmed === "" || (/^[0-9]{1,9}(\.[0-9]{1,3})?$/.test(trimmed) && Number(trimmed) > 0);
}
