/** Why a backend takes new connections or none, in a sentence. Pure. */
import { formatShare } from "@/components/ui/numbers.ts";
import type { Backend, Farm } from "@/server/core/farm/types.ts";
import type { BackendLive } from "@/server/core/metrics/live.ts";

type Decided = Pick<Backend, "adminState" | "weight" | "tier">;
type Measured = Pick<BackendLive, "plannedPct" | "programmedPct" | "health" | "out">;

/** `row` null: nothing was heard of it yet. */
export function rotationText({ enabled }: Pick<Farm, "enabled">, backend: Decided, row: Measured | null): string {
  if (!enabled) return "The farm is stopped: nobody takes new connections";
  if (row === null) return "Not known yet";
  if (row.plannedPct > 0) {
    const isAsPlanned = Math.abs(row.programmedPct - row.plannedPct) < 0.05;
    const bySlots = isAsPlanned ? "" : ` (${formatShare(row.programmedPct)} % by slots)`;
    return `Takes ${formatShare(row.plannedPct)} % of new connections${bySlots}`;
  }
  return `Takes no new connections: ${reasonOf(backend, row)}`;
}

function reasonOf({ adminState, weight, tier }: Decided, { health, out }: Measured): string {
  if (adminState !== "active") return "taken out by decision";
  if (out !== undefined) return out.why === "ejected" ? "ejected for a while" : "planned maintenance";
  if (health === "down") return "it is down";
  if (weight === 0) return "its weight is 0";
  return tier > 0 ? "a lower tier serves" : "others serve";
}
