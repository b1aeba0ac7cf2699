import { Field } from "@/components/ui/field.tsx";
import { formatCount, formatCounted } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { TextArea, TextInput } from "@/components/ui/text-input.tsx";
import { limits } from "@/server/core/farm/limits.ts";
import { entriesOf } from "./entry-lines.ts";
import type { ListUser } from "./list-users.ts";
import type { ListEditorState } from "./use-list-editor.ts";

type ListFieldsProps = {
  readonly editor: ListEditorState;
  readonly users: readonly ListUser[];
  readonly isReadOnly: boolean;
};

const linesMax = 5;
const rowsMin = 8;
const rowsMax = 24;

export function ListFields({ editor, users, isReadOnly }: ListFieldsProps) {
  const { draft, errors, set } = editor;
  const count = entriesOf(draft.networks).length;
  const rows = Math.min(rowsMax, Math.max(rowsMin, count + 1));
  return (
    <Panel padded>
      <fieldset disabled={isReadOnly} className="grid gap-4">
        <legend className="sr-only">The list</legend>
        <Field
          label="Name"
          required
          error={textOf(errors?.name)}
          hint={
            users.length > 0
              ? "Farms refer to it by this name, so it cannot change now."
              : "Farms refer to it as @name: letters, digits and hyphens."
          }
          className="max-w-96"
        >
          {(control) => (
            <TextInput
              {...control}
              mono
              readOnly={users.length > 0}
              value={draft.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Networks"
          required
          error={textOf(errors?.networks)}
          aside={<span className="text-small text-ink-3">{formatCounted(count, "entry", "entries")}</span>}
          hint={`A line each: 10.0.0.0/8, 10.0.0.1-10.0.0.9, 2001:db8::/32, at most ${formatCount(limits.listEntriesMax)}. What overlaps or adjoins becomes one.`}
        >
          {(control) => (
            <TextArea
              {...control}
              mono
              rows={rows}
              value={draft.networks}
              onChange={(event) => set({ networks: event.target.value })}
            />
          )}
        </Field>
        <Field label="Notes" error={textOf(errors?.notes)}>
          {(control) => (
            <TextArea {...control} value={draft.notes} onChange={(event) => set({ notes: event.target.value })} />
          )}
        </Field>
      </fieldset>
    </Panel>
  );
}

function textOf(errors: readonly string[] | undefined): string | null {
  if (errors === undefined || errors.length === 0) return null;
  const more = errors.length - linesMax;
  return `${errors.slice(0, linesMax).join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}
