import { Copy, Lock, LockOpen, MoreHorizontal, Play, Scissors } from "lucide-react";
import { cutBlocked, drainLabel, maintenanceLabel } from "@/components/backend-actions/admin-words.ts";
import { IconButton } from "@/components/ui/button.tsx";
import { copyText } from "@/components/ui/copy-text.ts";
import { Menu } from "@/components/ui/menu.tsx";
import type { MenuEntry } from "@/components/ui/menu-entry.tsx";
import { StatusGlyph } from "@/components/ui/status-glyph.tsx";
import { toast } from "@/components/ui/toast-store.ts";
import styles from "./board.module.css";
import type { BoardRow } from "./board-model.ts";
import type { RowHandlers } from "./weight-row.tsx";

type RowActionsProps = {
  readonly row: BoardRow;
  readonly isLocked: boolean;
  /** why admin states cannot be changed now */
  readonly blocked: string | null;
  readonly handlers: RowHandlers;
};

const icon = { "aria-hidden": true, className: "size-4", strokeWidth: 1.5 } as const;

/** Lock belongs to the draft; drain, resume, maintenance and cut are changes of their own, applied at once. */
export function RowActions({ row, isLocked, blocked, handlers }: RowActionsProps) {
  const { id, name, adminState } = row.backend;
  return (
    <div className={styles.act}>
      <IconButton
        label={isLocked ? `Unlock ${name}` : `Lock ${name}`}
        data-control="lock"
        on={isLocked}
        icon={isLocked ? <Lock {...icon} /> : <LockOpen {...icon} />}
        onClick={() => handlers.toggleLock(id)}
      />
      {adminState === "active" ? (
        <IconButton
          label={`Drain ${name}`}
          icon={<DrainSign />}
          disabledReason={blocked}
          onClick={() => handlers.setState(row, "drain")}
        />
      ) : (
        <IconButton
          label={`Resume ${name}`}
          icon={<Play {...icon} />}
          disabledReason={blocked}
          onClick={() => handlers.setState(row, "active")}
        />
      )}
      <Menu
        label={`More for ${name}`}
        trigger={<MoreHorizontal {...icon} />}
        entries={entriesOf(row, blocked, handlers)}
      />
    </div>
  );
}

function entriesOf(row: BoardRow, blocked: string | null, handlers: RowHandlers): MenuEntry[] {
  const { address, adminState } = row.backend;
  const state = (label: string, next: "active" | "drain" | "maintenance", sign: MenuEntry & object): MenuEntry => ({
    ...sign,
    label,
    disabledReason: blocked,
    onSelect: () => handlers.setState(row, next),
  });
  return [
    ...(adminState === "active" ? [] : [state("Resume", "active", { label: "", icon: <Play {...icon} /> })]),
    ...(adminState === "drain" ? [] : [state(drainLabel(row.hasSticky), "drain", { label: "", icon: <DrainSign /> })]),
    ...(adminState === "maintenance"
      ? []
      : [state(maintenanceLabel(row.hasSticky), "maintenance", { label: "", icon: <StatusGlyph kind="stopped" /> })]),
    {
      label: "Cut open connections",
      icon: <Scissors {...icon} />,
      danger: true,
      disabledReason: blocked ?? cutBlocked(adminState, row.live),
      onSelect: () => handlers.cut(row),
    },
    "separator",
    {
      label: "Copy address",
      icon: <Copy {...icon} />,
      onSelect: () => {
        void copyText(address).then((isCopied) =>
          toast(isCopied ? { title: `Copied ${address}` } : { title: "Could not copy", text: address, tone: "bad" }),
        );
      },
    },
  ];
}

function DrainSign() {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden="true"
      className="size-4 fill-none stroke-current"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M2.5 9.5h11a5.5 5.5 0 0 1-11 0zM8 2v5M5.8 5 8 7.2 10.2 5" />
    </svg>
  );
}
