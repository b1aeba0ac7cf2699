import { ChoiceField, type Option } from "./choice-field.tsx";
import { FoldSection } from "./fold-section.tsx";
import { type DynamicDraft, dynamicSummary, type LoadKind } from "./follow-draft.ts";
import { FormBox } from "./form-box.tsx";
import type { FarmForm } from "./use-farm-form.ts";

const sources: readonly Option<LoadKind>[] = [
  {
    value: "none",
    label: "Nowhere",
    hint: "Weights stay fixed until a source is chosen, or the health check is an agent-check.",
  },
  { value: "node-exporter", label: "Prometheus node_exporter", hint: "CPU time in use, by its seconds of each mode." },
  { value: "agent", label: "HAProxy agent-check", hint: "75 % is the part of its weight that the backend wants." },
  { value: "snmp", label: "SNMP v2c", hint: "hrProcessorLoad of all processors." },
];

/** Bounds of weights that follow measurements; only for schedulers that measure. */
export function DynamicSection({ form }: { readonly form: FarmForm }) {
  const { scheduler, dynamic } = form.draft;
  if (!scheduler.startsWith("least-")) return null;
  const readsLoad = scheduler === "least-load";
  const set = (patch: Partial<DynamicDraft>) => form.set({ dynamic: { ...dynamic, ...patch } });
  return (
    <FoldSection form={form} title="Measured weights" summary={dynamicSummary(dynamic, readsLoad)} paths={/^dynamic/}>
      <FormBox
        form={form}
        path="dynamic.floorPct"
        label="Floor, percent of the weight"
        kind="number"
        hint="1 to 100. However slow a backend is, it keeps this part of its weight."
        value={dynamic.floorPct}
        onChange={(floorPct) => set({ floorPct })}
      />
      <FormBox
        form={form}
        path="dynamic.ceilingPct"
        label="Ceiling, percent of the weight"
        kind="number"
        hint="100 to 1,000. However fast it is, it gets no more than this."
        value={dynamic.ceilingPct}
        onChange={(ceilingPct) => set({ ceilingPct })}
      />
      {readsLoad ? <LoadSource form={form} set={set} /> : null}
    </FoldSection>
  );
}

type LoadSourceProps = { readonly form: FarmForm; readonly set: (patch: Partial<DynamicDraft>) => void };

function LoadSource({ form, set }: LoadSourceProps) {
  const { dynamic } = form.draft;
  const { load, ports } = dynamic;
  return (
    <>
      <ChoiceField
        form={form}
        path="dynamic.load"
        field="dynamic"
        label="The load of backends is read from"
        value={load}
        options={sources}
        patchOf={(value) => (draft) => ({ ...draft, dynamic: { ...draft.dynamic, load: value } })}
      />
      {load === "none" ? null : (
        <div className="grid content-start gap-x-3 gap-y-4 sm:grid-cols-[120px_minmax(0,1fr)]">
          <FormBox
            form={form}
            path="dynamic.load.port"
            label="Port"
            kind="number"
            hint="At each backend."
            value={ports[load]}
            onChange={(port) => set({ ports: { ...ports, [load]: port } })}
          />
          {load === "node-exporter" ? (
            <FormBox
              form={form}
              path="dynamic.load.path"
              label="Path"
              kind="mono"
              value={dynamic.path}
              onChange={(path) => set({ path })}
            />
          ) : null}
          {load === "snmp" ? (
            <FormBox
              form={form}
              path="dynamic.load.community"
              label="Community"
              kind="mono"
              hint="Kept in the farm document as it stands here; SNMP v2c sends it in clear."
              value={dynamic.community}
              onChange={(community) => set({ community })}
            />
          ) : null}
        </div>
      )}
    </>
  );
}
