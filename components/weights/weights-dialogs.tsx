import type { Farm } from "@/server/core/farm/types.ts";
import { CapacityDialog } from "./capacity-dialog.tsx";
import { KeysDialog } from "./keys-dialog.tsx";

type WeightsDialogsProps = {
  readonly open: string | null;
  readonly onClose: () => void;
  readonly farm: Farm;
  readonly onCapacity: (capacities: Readonly<Record<string, number>>) => void;
};

export function WeightsDialogs({ open, onClose, farm, onCapacity }: WeightsDialogsProps) {
  return (
    <>
      <KeysDialog open={open === "keys"} onClose={onClose} />
      <CapacityDialog open={open === "capacity"} onClose={onClose} backends={farm.backends} onSet={onCapacity} />
    </>
  );
}
