import { MoreHorizontal, Play, Scissors } from "lucide-react";
import { Menu } from "@/components/ui/menu.tsx";
import type { MenuEntry } from "@/components/ui/menu-entry.tsx";
import { StatusGlyph } from "@/components/ui/status-glyph.tsx";
import type { AdminControl, AdminRow } from "@/components/weights/use-admin-state.ts";
import type { Backend } from "@/server/core/farm/types.ts";
import type { BackendLive } from "@/server/core/metrics/live.ts";
import { cutBlocked, drainLabel, maintenanceLabel } from "./admin-words.ts";

type BackendMenuProps = {
  readonly backend: Backend;
  readonly row: BackendLive | null;
  /** the farm keeps clients at their backend */
  readonly hasSticky: boolean;
  readonly control: AdminControl;
  readonly isLost: boolean;
};

const icon = { "aria-hidden": true, className: "size-3.5", strokeWidth: 1.5 } as const;

/** Drain, resume, maintenance and cut: applied at once, each its own revision; what may hurt asks first. */
export function BackendMenu({ backend, row, hasSticky, control, isLost }: BackendMenuProps) {
  const blocked = isLost ? "The agent does not answer" : control.isPending ? "A change is under way" : null;
  return (
    <Menu
      label={`Actions for ${backend.name}`}
      trigger={<MoreHorizontal aria-hidden className="size-4" strokeWidth={1.5} />}
      entries={entriesOf({ backend, live: row }, hasSticky, control, blocked)}
    />
  );
}

function entriesOf(row: AdminRow, hasSticky: boolean, control: AdminControl, blocked: string | null): MenuEntry[] {
  const { adminState } = row.backend;
  const resume: MenuEntry = {
    label: "Resume",
    icon: <Play {...icon} />,
    disabledReason: blocked,
    onSelect: () => control.request(row, "active"),
  };
  const drain: MenuEntry = {
    label: drainLabel(hasSticky),
    icon: <StatusGlyph kind="draining" />,
    disabledReason: blocked,
    onSelect: () => control.request(row, "drain"),
  };
  const maintenance: MenuEntry = {
    label: maintenanceLabel(hasSticky),
    icon: <StatusGlyph kind="stopped" />,
    disabledReason: blocked,
    onSelect: () => control.request(row, "maintenance"),
  };
  const cut: MenuEntry = {
    label: "Cut open connections",
    icon: <Scissors {...icon} />,
    danger: true,
    disabledReason: blocked ?? cutBlocked(adminState, row.live),
    onSelect: () => control.cut(row),
  };
  if (adminState === "active") return [drain, maintenance, "separator", cut];
  return [resume, adminState === "drain" ? maintenance : drain, "separator", cut];
}
