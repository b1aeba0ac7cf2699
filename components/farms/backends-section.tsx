import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { Checkbox } from "@/components/ui/choice.tsx";
import { Field, FieldError } from "@/components/ui/field.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { SeriesSwatch } from "@/components/ui/series-swatch.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";
import { BackendMore } from "./backend-more.tsx";
import { type BackendDraft, type FarmDraft, keepsEveryPort } from "./form-model.ts";
import type { FarmForm } from "./use-farm-form.ts";

export function BackendsSection({ form }: { readonly form: FarmForm }) {
  const { backends } = form.draft;
  const [said, setSaid] = useState("");
  const listError = form.errorOf("backends");
  const kept = keptPortsText(form.draft);
  const add = () => {
    form.addBackend();
    setSaid(`Backend ${backends.length + 1} added`);
  };
  return (
    <Panel
      title="Backends"
      meta={`${backends.length}`}
      actions={
        <Button onClick={add}>
          <Plus aria-hidden className="size-4" strokeWidth={1.5} />
          Add backend
        </Button>
      }
    >
      {kept === null ? null : <p className="border-b border-line px-3.5 py-2 text-small text-ink-3">{kept}</p>}
      <ol>
        {backends.map((backend, index) => (
          <BackendRow
            key={backend.id}
            form={form}
            backend={backend}
            index={index}
            onRemove={() => {
              form.removeBackend(backend.id);
              setSaid(`${backend.name} removed`);
            }}
          />
        ))}
      </ol>
      {backends.length === 0 ? (
        <p className="px-3.5 py-3 text-ink-2">No backend yet. A farm needs one that can answer.</p>
      ) : null}
      {listError === null ? null : (
        <div className="px-3.5 pb-3">
          <FieldError>{listError}</FieldError>
        </div>
      )}
      <div role="status" className="sr-only">
        {said}
      </div>
    </Panel>
  );
}

/** Said once, not at each backend. */
function keptPortsText(draft: FarmDraft): string | null {
  if (!keepsEveryPort(draft)) return null;
  return draft.forwarding === "dsr"
    ? "Direct return changes no port: each backend answers at the one the client asked."
    : "The farm answers every port: each backend gets the one the client asked.";
}

type BackendRowProps = {
  readonly form: FarmForm;
  readonly backend: BackendDraft;
  readonly index: number;
  readonly onRemove: () => void;
};

function BackendRow({ form, backend, index, onRemove }: BackendRowProps) {
  const title = backend.name === "" ? `Backend ${index + 1}` : backend.name;
  const isForced = keepsEveryPort(form.draft);
  const cell = (key: "name" | "address" | "port" | "weight", label: string, className: string, mono = false) => {
    const path = `backends[${index}].${key}`;
    const isKept = key === "port" && (isForced || backend.keepsPort);
    return (
      <Field className={className} label={label} error={form.errorOf(path)}>
        {(control) => (
          <TextInput
            {...control}
            name={path}
            mono={mono}
            disabled={isKept}
            inputMode={key === "port" || key === "weight" ? "numeric" : undefined}
            value={isKept ? "as asked" : backend[key]}
            onChange={(event) => form.setBackend(backend.id, { [key]: event.target.value })}
            onBlur={() => form.touch(path)}
          />
        )}
      </Field>
    );
  };
  return (
    <li aria-label={title} className="border-b border-line px-3.5 py-3 last:border-b-0">
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-3 gap-y-3 sm:grid-cols-[14px_minmax(0,1.2fr)_minmax(0,1.6fr)_minmax(0,0.8fr)_minmax(0,0.6fr)_28px]">
        <span className="mt-7 max-sm:hidden">
          <SeriesSwatch index={index} />
        </span>
        {cell("name", "Name", "max-sm:col-start-1")}
        {cell("address", "Address", "max-sm:col-span-2", true)}
        <div className="grid content-start gap-1 max-sm:col-span-2 sm:row-span-2">
          {cell("port", "Port", "", true)}
          <Checkbox
            checked={isForced || backend.keepsPort}
            disabled={isForced}
            onChange={(event) => form.setBackend(backend.id, { keepsPort: event.target.checked })}
          >
            <span className="text-small">As the client asked</span>
          </Checkbox>
        </div>
        {cell("weight", "Weight", "max-sm:col-span-2")}
        <IconButton
          className="mt-6.5 max-sm:col-start-2 max-sm:row-start-1"
          label={`Remove ${title}`}
          icon={<Trash2 aria-hidden className="size-4" strokeWidth={1.5} />}
          onClick={onRemove}
        />
        <div className="max-sm:col-span-2 sm:col-start-2 sm:col-end-4">
          <BackendMore form={form} backend={backend} index={index} />
        </div>
      </div>
    </li>
  );
}
