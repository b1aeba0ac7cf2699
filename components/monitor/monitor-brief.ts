/** What the monitor page needs of a farm's document: small, so that thousands fit in a page. Pure. */
import type { FarmView } from "@/server/core/change/views.ts";
import type { MaintenanceWindow } from "@/server/core/farm/maintenance-window.ts";
import type { AdminState, Farm } from "@/server/core/farm/types.ts";

export type MonitorBackend = {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly adminState: AdminState;
};

export type MonitorFarm = Pick<Farm, "id" | "name" | "enabled" | "tags"> & {
  readonly windows: readonly MaintenanceWindow[];
  readonly backends: readonly MonitorBackend[];
};

export function monitorFarm({ farm }: FarmView): MonitorFarm {
  const { id, name, enabled, tags, maintenanceWindows: windows } = farm;
  const backends = farm.backends.map(({ id: own, name: called, address, adminState }) => ({
    id: own,
    name: called,
    address,
    adminState,
  }));
  return { id, name, enabled, tags, windows, backends };
}
