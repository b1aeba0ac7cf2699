import { ConfirmByName } from "@/components/ui/confirm.tsx";
import { formatCount } from "@/components/ui/numbers.ts";
import type { Farm } from "@/server/core/farm/types.ts";
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
  const { name } = question.row.backend;
  const active = question.row.live?.active ?? null;
  const count = active === null ? "Its open connections" : `${formatCount(active)} open connections`;
  const addresses = farm.addresses.join(", ");
  const rejected = farm.onAllDown === "reject" ? "rejected" : "dropped";
  const isCut = question.kind === "cut";
  const verb = isCut ? "Cut" : question.state === "drain" ? "Drain" : "Take out";
  const title = isCut ? `Cut the open connections of ${name}?` : `${verb} the last serving backend of ${farm.name}?`;
  const text = isCut
    ? `${count} to ${name} are reset at both ends, at once. This cannot be undone.`
    : `${name} is the only one that serves. After this, new connections to ${addresses} are ${rejected}. ${count} go on.`;
  return (
    <ConfirmByName
      open
      onClose={onClose}
      name={farm.name}
      title={title}
      action={isCut ? `Cut ${name}` : `${verb} ${name}`}
      pending={pending}
      onConfirm={onConfirm}
    >
      {text}
    </ConfirmByName>
  );
}
