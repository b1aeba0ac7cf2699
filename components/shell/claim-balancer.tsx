"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm.tsx";
import { Note } from "@/components/ui/note.tsx";
import { toast } from "@/components/ui/toast-store.ts";
import type { PeopleOutcome } from "@/server/core/change/views.ts";

type ClaimBalancerProps = {
  readonly farmCount: number;
  /** null for who may not decide it */
  readonly claim: (() => Promise<PeopleOutcome>) | null;
};

/** The kernel carries rules that the agent does not know: left alone until an administrator decides. */
export function ClaimBalancer({ farmCount, claim }: ClaimBalancerProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [isPending, setIsPending] = useState(false);
  const farms = farmCount === 1 ? "the 1 farm" : `the ${farmCount} farms`;

  async function confirm(): Promise<void> {
    if (claim === null || isPending) return;
    setIsPending(true);
    const outcome = await claim().catch(() => null);
    setIsPending(false);
    setIsOpen(false);
    if (outcome?.status !== "ok")
      toast({
        tone: "bad",
        title: "Not claimed",
        text: outcome?.status === "refused" ? outcome.text : "No answer came.",
      });
  }
  return (
    <Note
      tone="warn"
      actions={claim === null ? undefined : <Button onClick={() => setIsOpen(true)}>Use this dashboard's farms</Button>}
    >
      <b>The kernel carries rules of Sluice that this agent does not know.</b> They are left alone and go on serving.{" "}
      {claim === null ? "An administrator decides what becomes of them." : null}
      <ConfirmDialog
        open={isOpen}
        onClose={() => setIsOpen(false)}
        title="Use this dashboard's farms?"
        action="Replace the rules"
        pending={isPending}
        onConfirm={() => void confirm()}
      >
        The rules in the kernel become those of {farms} known here. Farms that only the kernel knows stop serving; open
        connections stay.
      </ConfirmDialog>
    </Note>
  );
}
