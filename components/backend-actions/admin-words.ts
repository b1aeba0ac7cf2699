/** Words of the menus that change a backend's state: sticky clients are named only where there can be some. Pure. */
import type { AdminState } from "@/server/core/farm/types.ts";
import type { BackendLive } from "@/server/core/metrics/live.ts";

export function drainLabel(hasSticky: boolean): string {
  return hasSticky ? "Drain: sticky clients stay" : "Drain";
}

export function maintenanceLabel(hasSticky: boolean): string {
  return hasSticky ? "Maintenance: sticky clients move" : "Maintenance";
}

/** Why connections cannot be cut now; null when they can. A number that is not known leaves cutting possible. */
export function cutBlocked(
  adminState: AdminState,
  live: Pick<BackendLive, "active" | "untracked"> | null | undefined,
): string | null {
  if (live?.untracked !== undefined) return `Connections are ${live.untracked}`;
  if (adminState === "active") return "Drain it or put it into maintenance first";
  return live?.active === 0 ? "It has no open connections" : null;
}
