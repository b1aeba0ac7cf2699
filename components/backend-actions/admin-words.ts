/** Words of the menus that change a backend's state: sticky clients are named only where there can be some. Pure. */
import type { AdminState } from "@/server/core/farm/types.ts";

export function drainLabel(hasSticky: boolean): string {
  return hasSticky ? "Drain: sticky clients stay" : "Drain";
}

export function maintenanceLabel(hasSticky: boolean): string {
  return hasSticky ? "Maintenance: sticky clients move" : "Maintenance";
}

/** Why connections cannot be cut now; null when they can. `active` of null is not known: cutting stays possible. */
export function cutBlocked(adminState: AdminState, active: number | null): string | null {
  if (adminState === "active") return "Drain it or put it into maintenance first";
  return active === 0 ? "It has no open connections" : null;
}
