/** The sentence under a weight row: what was refused, why it cannot move, or what weight 0 means. Pure. */
import type { BoardRow } from "./board-model.ts";

type Note = {
  readonly text: string;
  /** said to screen readers only: the page shows it by a sign already */
  readonly isQuiet: boolean;
};

type Control = { readonly isLocked: boolean; readonly fixed: string | null };

export function noteOf(row: BoardRow, control: Control, error: string | null): Note | null {
  if (error !== null) return { text: error, isQuiet: false };
  if (control.fixed !== null) return { text: `Cannot move: ${lowerFirst(control.fixed)}.`, isQuiet: control.isLocked };
  if (row.weight > 0 || row.ifServingPct !== null) return null;
  const { name } = row.backend;
  if (row.live?.untracked !== undefined)
    return { text: `Weight 0: ${name} gets nothing more; its connections are ${row.live.untracked}.`, isQuiet: false };
  return {
    text: `Weight 0: ${name} gets no new connections by weight. ${row.hasSticky ? "Sticky clients and open" : "Open"} connections stay; draining is a state of its own.`,
    isQuiet: false,
  };
}

/** Names keep their letters: only an ordinary first word goes down. */
function lowerFirst(text: string): string {
  return /^(All|This|The)\b/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
