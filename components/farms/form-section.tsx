import type { ReactNode } from "react";
import { Panel } from "@/components/ui/panel.tsx";
import { effectOf } from "./effect-notes.ts";
import type { FarmDraft } from "./form-model.ts";
import type { FarmForm } from "./use-farm-form.ts";

/** A named group of fields, two columns where there is room. */
export function FormSection({ title, meta, children }: { title: string; meta?: string; children: ReactNode }) {
  return (
    <Panel title={title} meta={meta} padded>
      <div className="grid gap-x-6 gap-y-4 lg:grid-cols-2">{children}</div>
    </Panel>
  );
}

/** The hint of a field, and while it is changed what that does to open connections. */
export function hintOf(form: FarmForm, key: keyof FarmDraft, hint?: ReactNode): ReactNode {
  const effect = form.isChanged(key) ? effectOf(key, form.draft) : null;
  if (effect === null) return hint;
  return (
    <>
      {hint === undefined ? null : <>{hint} </>}
      <span className="text-accent-strong">{effect}</span>
    </>
  );
}
