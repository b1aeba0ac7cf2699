"use client";

import type { FarmBrief } from "@/components/overview/farm-brief.ts";
import { ConfirmByName, ConfirmDialog } from "@/components/ui/confirm.tsx";
import type { BatchVerb } from "./use-batch.ts";

export type BatchQuestion = { readonly verb: BatchVerb; readonly farms: readonly FarmBrief[] };

type BatchConfirmProps = {
  readonly question: BatchQuestion | null;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
};

const shownMax = 8;

/** Stopping asks once; deleting wants the farm's name, or the number of farms, typed. */
export function BatchConfirm({ question, onClose, onConfirm }: BatchConfirmProps) {
  if (question === null) return null;
  const { verb, farms } = question;
  const [first] = farms;
  const what = farms.length === 1 && first !== undefined ? first.name : `${farms.length} farms`;
  const names = farms.slice(0, shownMax).map((farm) => farm.name);
  const list = `${names.join(", ")}${farms.length > shownMax ? ` and ${farms.length - shownMax} more` : ""}`;
  if (verb === "remove") {
    return (
      <ConfirmByName
        open
        name={what}
        title={`Delete ${what}?`}
        action={`Delete ${what}`}
        onClose={onClose}
        onConfirm={onConfirm}
      >
        {list}: addresses, backends and weights go, new connections are no longer answered. Each can be put back from
        the history.
      </ConfirmByName>
    );
  }
  return (
    <ConfirmDialog
      open
      danger={verb === "stop"}
      title={`${verb === "stop" ? "Stop" : "Start"} ${what}?`}
      action={verb === "stop" ? "Stop" : "Start"}
      onClose={onClose}
      onConfirm={onConfirm}
    >
      {verb === "stop"
        ? `${list}: new connections are no longer answered. Open connections stay, except of farms that forward without tracking.`
        : `${list}: new connections are answered again.`}
    </ConfirmDialog>
  );
}
