import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { Field } from "@/components/ui/field.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";
import { limits } from "@/server/core/farm/limits.ts";
import { backendChecks, checkSummary } from "./check-choices.ts";
import { CheckFields } from "./check-fields.tsx";
import { ChoiceField } from "./choice-field.tsx";
import type { BackendDraft, FarmDraft } from "./form-model.ts";
import type { FarmForm } from "./use-farm-form.ts";

type BackendMoreProps = { readonly form: FarmForm; readonly backend: BackendDraft; readonly index: number };

/** What few backends have: folded, with what is set in a line. */
export function BackendMore({ form, backend, index }: BackendMoreProps) {
  const [isOpen, setOpen] = useState(false);
  const path = `backends[${index}]`;
  const hasError = form.hasErrorAt(
    new RegExp(`^backends\\[${index}\\]\\.(tier|maxConnections|snatAddress|healthCheck)`),
  );
  const isShown = isOpen || hasError;
  return (
    <details className="group" open={isShown} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="flex min-h-6 w-fit list-none items-center gap-1 rounded-1 text-small text-ink-3 hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-3.5 transition-transform duration-(--fast) group-open:rotate-90"
          strokeWidth={1.5}
        />
        <span className="sr-only">{backend.name}: </span>
        {summaryOf(backend, form.draft.forwarding)}
      </summary>
      {isShown ? <Boxes form={form} backend={backend} path={path} /> : null}
    </details>
  );
}

function Boxes({ form, backend, path }: Omit<BackendMoreProps, "index"> & { readonly path: string }) {
  const against = form.reasonAgainst((draft) => withLimit(draft, backend.id));
  const isLimited = backend.maxConnections !== "";
  const box = (key: "tier" | "maxConnections" | "snatAddress", label: string, hint: string, isOff = false) => (
    <Field label={label} error={form.errorOf(`${path}.${key}`)} hint={hint}>
      {(control) => (
        <TextInput
          {...control}
          name={`${path}.${key}`}
          mono={key === "snatAddress"}
          inputMode={key === "snatAddress" ? undefined : "numeric"}
          disabled={isOff}
          value={backend[key]}
          onChange={(event) => form.setBackend(backend.id, { [key]: event.target.value })}
          onBlur={() => form.touch(`${path}.${key}`)}
        />
      )}
    </Field>
  );
  return (
    <div className="grid gap-x-3 gap-y-3 pt-2 sm:grid-cols-2">
      {box("tier", "Tier", `0 to ${limits.tierMax}. Serves only while no backend of a lower tier can.`)}
      {box(
        "maxConnections",
        "Connections at most",
        against !== null && !isLimited ? `${against}.` : "Empty: no limit. What is beyond goes to the others.",
        against !== null && !isLimited,
      )}
      {form.draft.forwarding === "snat" ? box("snatAddress", "Source address", "Empty: the farm's.") : null}
      <OwnCheck form={form} backend={backend} path={`${path}.healthCheck`} />
    </div>
  );
}

/** Some backends are asked in another way than the farm says. */
function OwnCheck({ form, backend, path }: Omit<BackendMoreProps, "index"> & { readonly path: string }) {
  const { id, check } = backend;
  return (
    <>
      <ChoiceField
        form={form}
        path={`${path}.type`}
        field="backends"
        label="Health check"
        value={check.type}
        options={backendChecks}
        patchOf={(type) => (draft) => withCheck(draft, id, type)}
      />
      {check.type === "none" ? null : (
        <div className="col-span-full grid gap-x-3 gap-y-3 border-l-2 border-line pl-3 sm:grid-cols-2">
          <CheckFields
            form={form}
            path={path}
            check={check}
            onChange={(patch) => form.setBackend(id, { check: { ...check, ...patch } })}
          />
        </div>
      )}
    </>
  );
}

function withCheck(draft: FarmDraft, id: string, type: BackendDraft["check"]["type"]): FarmDraft {
  const backends = draft.backends.map((each) => (each.id === id ? { ...each, check: { ...each.check, type } } : each));
  return { ...draft, backends };
}

function withLimit(draft: FarmDraft, id: string): FarmDraft {
  const backends = draft.backends.map((each) => (each.id === id ? { ...each, maxConnections: "100" } : each));
  return { ...draft, backends };
}

function summaryOf(
  { tier, maxConnections, snatAddress, check }: BackendDraft,
  forwarding: FarmDraft["forwarding"],
): string {
  const set = [
    ...(tier.trim() === "0" ? [] : [`Tier ${tier}`]),
    ...(maxConnections.trim() === "" ? [] : [`at most ${maxConnections} connections`]),
    ...(check.type === "none" ? [] : [`own check: ${checkSummary(check)}`]),
    ...(forwarding !== "snat" || snatAddress.trim() === "" ? [] : [`source ${snatAddress}`]),
  ];
  if (set.length > 0) return set.join(", ");
  return forwarding === "snat"
    ? "Tier, connection limit, source address, health check"
    : "Tier, connection limit, health check";
}
