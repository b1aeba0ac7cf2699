"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Select } from "@/components/ui/choice.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Field } from "@/components/ui/field.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";
import { boxText, draftIssue, targetText, type WindowDraft, type WindowTarget } from "./window-model.ts";

type WindowDialogProps = {
  /** ticked backends; or whole farms, of which one is chosen here */
  readonly targets: readonly WindowTarget[];
  readonly isChoice: boolean;
  readonly isPending: boolean;
  readonly blocked: string | null;
  readonly onClose: () => void;
  readonly onPlan: (targets: readonly WindowTarget[], draft: WindowDraft) => void;
};

const hourMs = 3_600_000;
const lengths = [
  { label: "1 h", ms: hourMs },
  { label: "4 h", ms: 4 * hourMs },
  { label: "1 d", ms: 24 * hourMs },
] as const;

/** For whom, from when to when, and why. Mounted while it is open: it begins with the next hour. */
export function WindowDialog({ targets, isChoice, isPending, blocked, onClose, onPlan }: WindowDialogProps) {
  const [farmId, setFarmId] = useState(targets[0]?.farmId ?? "");
  const chosen = isChoice ? targets.filter((target) => target.farmId === farmId) : targets;
  const [draft, setDraft] = useState<WindowDraft>(() => {
    const nowMs = Date.now();
    return { from: boxText(nowMs), to: boxText(nowMs + hourMs), note: "" };
  });
  const [isAsked, setAsked] = useState(false);
  const issue = isAsked ? draftIssue(draft, Date.now()) : null;
  function submit(): void {
    setAsked(true);
    if (blocked === null && !isPending && draftIssue(draft, Date.now()) === null) onPlan(chosen, draft);
  }
  return (
    <Dialog
      open
      onClose={onClose}
      size="sm"
      title="Plan maintenance"
      description={`${targetText(chosen)}: no new connections in that time; sticky clients move at their next one, open connections stay. It ends by itself, also when this web server is gone.`}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={isPending} disabledReason={blocked}>
            Plan
          </Button>
        </>
      }
    >
      {isChoice ? (
        <Field label="Farm">
          {(control) => (
            <Select
              {...control}
              value={farmId}
              options={targets.map((target) => ({ value: target.farmId, label: target.farmName }))}
              onChange={(event) => setFarmId(event.target.value)}
            />
          )}
        </Field>
      ) : null}
      <Field label="From" error={issue?.field === "from" ? issue.text : null} hint="Your own time zone">
        {(control) => (
          <TextInput
            {...control}
            type="datetime-local"
            value={draft.from}
            onChange={(event) => setDraft({ ...draft, from: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Until"
        error={issue?.field === "to" ? issue.text : null}
        aside={
          <span className="flex gap-1">
            {lengths.map(({ label, ms }) => (
              <Button
                key={label}
                variant="quiet"
                aria-label={`${label} long`}
                onClick={() => {
                  const fromMs = Date.parse(draft.from);
                  if (!Number.isNaN(fromMs)) setDraft({ ...draft, to: boxText(fromMs + ms) });
                }}
              >
                {label}
              </Button>
            ))}
          </span>
        }
      >
        {(control) => (
          <TextInput
            {...control}
            type="datetime-local"
            value={draft.to}
            onChange={(event) => setDraft({ ...draft, to: event.target.value })}
          />
        )}
      </Field>
      <Field label="Why" hint="Shown wherever the backend is">
        {(control) => (
          <TextInput
            {...control}
            maxLength={200}
            value={draft.note}
            onChange={(event) => setDraft({ ...draft, note: event.target.value })}
          />
        )}
      </Field>
    </Dialog>
  );
}
