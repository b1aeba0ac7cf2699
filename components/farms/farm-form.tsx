"use client";

import { useRef } from "react";
import type { FarmActions } from "@/components/changes/farm-actions.ts";
import { ReviewDialog } from "@/components/changes/review-dialog.tsx";
import { useAgentState } from "@/components/live/use-live.ts";
import { FieldError } from "@/components/ui/field.tsx";
import { Note } from "@/components/ui/note.tsx";
import type { Operation } from "@/server/core/change/operation.ts";
import type { FarmView, Role } from "@/server/core/change/views.ts";
import { BackendsSection } from "./backends-section.tsx";
import { BalanceSection } from "./balance-section.tsx";
import { CheckSection } from "./check-section.tsx";
import { DynamicSection } from "./dynamic-section.tsx";
import { FailoverSection } from "./failover-section.tsx";
import { FarmConflict } from "./farm-conflict.tsx";
import { FarmDock } from "./farm-dock.tsx";
import { FiltersSection } from "./filters-section.tsx";
import type { FarmDraft } from "./form-model.ts";
import { ForwardingSection } from "./forwarding-section.tsx";
import { IdentitySection } from "./identity-section.tsx";
import { ListenSection } from "./listen-section.tsx";
import { OutageSection } from "./outage-section.tsx";
import { OutlierSection } from "./outlier-section.tsx";
import { PersistenceSection } from "./persistence-section.tsx";
import { useFarmForm } from "./use-farm-form.ts";
import { useSaveFarm } from "./use-save-farm.ts";

type FarmFormProps = {
  readonly farmId: string;
  /** the farm as it is; null = a new one */
  readonly view: FarmView | null;
  readonly start: FarmDraft;
  readonly storageKey: string;
  readonly role: Role;
  readonly actions: FarmActions;
  /** of the balancer's named lists, to refer to */
  readonly listNames: readonly string[];
};

/** Create or edit a whole farm. Errors at their fields, a review before anything is applied, edits kept over a reload. */
export function FarmForm({ farmId, view, start, storageKey, role, actions, listNames }: FarmFormProps) {
  const element = useRef<HTMLFormElement>(null);
  const form = useFarmForm({ farmId, view, start, storageKey, newId: () => crypto.randomUUID() });
  const save = useSaveFarm(form, view, actions, element);
  const agent = useAgentState();
  const isViewer = role === "viewer";
  const isLost = agent !== null && agent.state !== "answering";
  const blocked = isViewer
    ? "Viewers cannot change farms: an operator does."
    : isLost
      ? "The agent does not answer: edits stay here until it does."
      : null;
  const operations: Operation[] | null =
    form.parsed === null ? null : [{ type: "put-farm", base: form.base?.version ?? null, farm: form.parsed }];
  const isNew = form.base === null;
  return (
    <>
      <form
        ref={element}
        noValidate
        aria-busy={!form.isReady}
        aria-label={isNew ? "New farm" : "Settings"}
        className="grid max-w-[1080px] gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (blocked === null) save.begin();
        }}
      >
        {isViewer ? <Note>You can read these settings; an operator changes them.</Note> : null}
        {form.otherErrors.length === 0 ? null : (
          <Note tone="bad">
            {form.otherErrors.map((text) => (
              <FieldError key={text}>{text}</FieldError>
            ))}
          </Note>
        )}
        <fieldset disabled={isViewer} className="grid min-w-0 gap-4">
          <legend className="sr-only">Settings</legend>
          <IdentitySection form={form} />
          <ListenSection form={form} />
          <BalanceSection form={form} />
          <DynamicSection form={form} />
          <BackendsSection form={form} />
          <ForwardingSection form={form} />
          <PersistenceSection form={form} />
          <CheckSection form={form} />
          <FailoverSection form={form} />
          <OutlierSection form={form} />
          <OutageSection form={form} />
          <FiltersSection form={form} listNames={listNames} />
        </fieldset>
        {form.isDirty || isNew ? <FarmDock form={form} blocked={blocked} pending={save.isPending} /> : null}
      </form>
      <ReviewDialog
        open={save.isReviewing}
        onClose={save.close}
        title={isNew ? `Review the new farm ${form.draft.name}` : `Review the settings of ${form.draft.name}`}
        operations={operations}
        previewAction={actions.preview}
        backendNames={form.draft.backends.map((backend) => backend.name)}
        blocked={blocked}
        applyLabel={isNew ? "Create farm" : "Apply"}
        pending={save.isPending}
        onApply={() => void save.apply()}
        onRefused={save.onRefused}
      />
      <FarmConflict form={form} theirs={save.theirs} onClose={save.close} />
    </>
  );
}
