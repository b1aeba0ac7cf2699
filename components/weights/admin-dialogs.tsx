import { ConfirmByName } from "@/components/ui/confirm.tsx";
import type { Farm } from "@/server/core/farm/types.ts";
import { questionText } from "./admin-question.ts";
import type { AdminQuestion } from "./use-admin-state.ts";

type AdminDialogsProps = {
  readonly farm: Farm;
  readonly question: AdminQuestion | null;
  readonly pending: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
};

/** Asked before the last gate closes and before connections are cut: the farm's name is typed first. */
export function AdminDialogs({ farm, question, pending, onClose, onConfirm }: AdminDialogsProps) {
  if (question === null) return null;
  const { title, text, action } = questionText(farm, question);
  return (
    <ConfirmByName
      open
      onClose={onClose}
      name={farm.name}
      title={title}
      action={action}
      pending={pending}
      onConfirm={onConfirm}
    >
      {text}
    </ConfirmByName>
  );
}
