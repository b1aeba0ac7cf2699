import { Scissors } from "lucide-react";
import { cutBlocked } from "@/components/backend-actions/admin-words.ts";
import { Button } from "@/components/ui/button.tsx";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { formatAge, formatCount } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import type { AdminControl } from "@/components/weights/use-admin-state.ts";
import type { Backend, Farm } from "@/server/core/farm/types.ts";
import type { BackendLive, DrainLive } from "@/server/core/metrics/live.ts";
import { Fact } from "./fact.tsx";

type DrainPanelProps = {
  readonly farm: Farm;
  readonly backend: Backend;
  readonly row: BackendLive | null;
  readonly nowMs: number | null;
  readonly isLost: boolean;
  readonly control: AdminControl | null;
};

/** How a drain goes, while there is one: what is left, how fast it falls, when it ends, and the way to end it now. */
export function DrainPanel({ farm, backend, row, nowMs, isLost, control }: DrainPanelProps) {
  if (backend.adminState === "active") return null;
  const drain = row?.drain ?? { left: row?.active ?? null, perS: null, endsAtMs: null, deadlineMs: null };
  const blocked = isLost ? "The agent does not answer" : control?.isPending ? "A change is under way" : null;
  const sticky =
    farm.persistence === null || backend.adminState !== "drain"
      ? null
      : farm.drainSticky === "stay"
        ? "Remembered clients still come back to it."
        : "Remembered clients move at their next connection.";
  return (
    <Panel
      title={backend.adminState === "drain" ? "Drain" : "Maintenance"}
      meta={sticky ?? "new connections go to the others"}
      actions={
        control === null ? null : (
          <Button
            variant="danger"
            disabledReason={blocked ?? cutBlocked(backend.adminState, row)}
            onClick={() => control.cut({ backend, live: row })}
          >
            <Scissors aria-hidden className="size-3.5" strokeWidth={1.5} />
            Cut what is left
          </Button>
        )
      }
      padded
    >
      {row?.untracked !== undefined ? (
        <p className="text-ink-2">What is left is not known: connections are {row.untracked}.</p>
      ) : (
        <dl className="grid grid-cols-2 gap-x-6 gap-y-3 lg:grid-cols-4">
          <Fact name="Connections left">
            <b className="text-[17px]/6 font-semibold">{drain.left === null ? "-" : formatCount(drain.left)}</b>
            {drain.left === 0 ? <span className="text-ink-2">empty</span> : null}
          </Fact>
          <Fact name="Ended lately">{drain.perS === null ? "-" : `${drain.perS.toFixed(1)} a second`}</Fact>
          <Fact name="Empty, at this pace">{endText(drain, nowMs)}</Fact>
          <Fact name="Deadline">
            {drain.deadlineMs === null ? (
              "none: nothing is cut by itself"
            ) : (
              <>
                <LocalTime atMs={drain.deadlineMs} withDate />
                <span className="text-ink-2">then what is left is cut</span>
              </>
            )}
          </Fact>
        </dl>
      )}
    </Panel>
  );
}

type Progress = Pick<DrainLive, "left" | "perS" | "endsAtMs" | "deadlineMs">;

function endText({ left, endsAtMs }: Progress, nowMs: number | null) {
  if (left === 0) return "now";
  if (endsAtMs === null) return "not known: none ended lately";
  return (
    <>
      <LocalTime atMs={endsAtMs} />
      {nowMs === null ? null : <span className="text-ink-2">in {formatAge(endsAtMs - nowMs)}</span>}
    </>
  );
}
