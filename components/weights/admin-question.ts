/** The words of the question before a backend is cut, or the last serving one is taken out. Pure. */
import { formatCounted } from "@/components/ui/numbers.ts";
import type { Farm } from "@/server/core/farm/types.ts";
import type { AdminQuestion } from "./use-admin-state.ts";

type QuestionText = { readonly title: string; readonly text: string; readonly action: string };

export function questionText(farm: Farm, question: AdminQuestion): QuestionText {
  return question.kind === "cut" ? cutText(farm.protocol, question) : lastOneText(farm, question);
}

function cutText(protocol: Farm["protocol"], { row }: AdminQuestion): QuestionText {
  const { name } = row.backend;
  const active = row.live?.active ?? null;
  const is = active === 1 ? "is" : "are";
  const what = protocol === "udp" ? `${is} forgotten` : `${is} reset at both ends`;
  return {
    title: `Cut the open connections of ${name}?`,
    text: `${countText(active)} to ${name} ${what}, at once. This cannot be undone.`,
    action: `Cut ${name}`,
  };
}

function lastOneText(farm: Farm, { row, state }: Extract<AdminQuestion, { kind: "state" }>): QuestionText {
  const { name } = row.backend;
  const active = row.live?.active ?? null;
  const verb = state === "drain" ? "Drain" : "Take out";
  const rejected = farm.onAllDown === "reject" ? "rejected" : "dropped";
  const after = `After this, new connections to ${farm.addresses.join(", ")} are ${rejected}.`;
  return {
    title: `${verb} the last serving backend of ${farm.name}?`,
    text: `${name} is the only one that serves. ${after} ${countText(active)} ${active === 1 ? "goes" : "go"} on.`,
    action: `${verb} ${name}`,
  };
}

/** Connections were counted a second ago, or several when there are many: the number is near, not exact. */
function countText(active: number | null): string {
  if (active === null) return "Its open connections";
  return `About ${formatCounted(active, "open connection")}`;
}
