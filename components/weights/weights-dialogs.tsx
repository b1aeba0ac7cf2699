import type { Farm } from "@/server/core/farm/types.ts";
import { AdminDialogs } from "./admin-dialogs.tsx";
import { CapacityDialog } from "./capacity-dialog.tsx";
import { KeysDialog } from "./keys-dialog.tsx";
import type { AdminControl } from "./use-admin-state.ts";

type WeightsDialogsProps = {
  readonly open: string | null;
  readonly onClose: () => void;
  readonly farm: Farm;
  readonly admin: AdminControl;
  readonly onCapacity: (capacities: Readonly<Record<string, number>>) => void;
};

export function WeightsDialogs({ open, onClose, farm, admin, onCapacity }: WeightsDialogsProps) {
  return (
    <>
      <KeysDialog open={open === "keys"} onClose={onClose} />
      <CapacityDialog open={open === "capacity"} onClose={onClose} backends={farm.backends} onSet={onCapacity} />
      <AdminDialogs
        farm={farm}
        question={admin.question}
        pending={admin.isPending}
        onClose={admin.close}
        onConfirm={admin.confirm}
      />
    </>
  );
}
