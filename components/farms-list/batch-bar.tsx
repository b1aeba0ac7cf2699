"use client";

import { Dock } from "@/components/changes/dock.tsx";
import type { FarmBrief } from "@/components/overview/farm-brief.ts";
import { Button } from "@/components/ui/button.tsx";
import { formatCount } from "@/components/ui/numbers.ts";
import type { BatchVerb } from "./use-batch.ts";

type BatchBarProps = {
  readonly farms: readonly FarmBrief[];
  readonly done: number | null;
  readonly blocked: string | null;
  readonly onAsk: (verb: BatchVerb) => void;
  readonly onClear: () => void;
};

/** What can be done with the selected farms. */
export function BatchBar({ farms, done, blocked, onAsk, onClear }: BatchBarProps) {
  if (farms.length === 0) return null;
  const shown = farms.slice(0, 4).map((farm) => farm.name);
  const more = farms.length > shown.length ? ` and ${farms.length - shown.length} more` : "";
  const reason = done === null ? blocked : "Under way";
  return (
    <Dock label="Selected farms">
      <b className="font-medium">
        {formatCount(farms.length)} {farms.length === 1 ? "farm" : "farms"} selected
      </b>
      <span role="status" className="min-w-0 truncate text-small text-ink-3">
        {done === null ? `${shown.join(", ")}${more}` : `${done} of ${farms.length} done`}
      </span>
      <span className="flex-1" />
      <Button disabledReason={reason} onClick={() => onAsk("start")}>
        Start
      </Button>
      <Button disabledReason={reason} onClick={() => onAsk("stop")}>
        Stop
      </Button>
      <Button variant="danger" disabledReason={reason} onClick={() => onAsk("remove")}>
        Delete
      </Button>
      <Button variant="quiet" onClick={onClear}>
        Clear
      </Button>
    </Dock>
  );
}
