import clsx from "clsx";
import { Check, Link2Off, LoaderCircle, Pencil, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

/** A third axis, never a health colour. Dashed = not real yet. */
type SyncState = "in-sync" | "edited" | "applying" | "drift" | "unclaimed" | "lost";

type SyncMarkProps = { readonly state: SyncState; readonly children?: ReactNode };

const words: Record<SyncState, string> = {
  "in-sync": "In sync",
  edited: "Edited, not applied",
  applying: "Applying",
  drift: "Drift",
  unclaimed: "Not claimed",
  lost: "Agent lost",
};
const icons = {
  "in-sync": Check,
  edited: Pencil,
  applying: LoaderCircle,
  drift: TriangleAlert,
  unclaimed: TriangleAlert,
  lost: Link2Off,
} as const;

const looks: Record<SyncState, string> = {
  "in-sync": "text-ink-3",
  edited: "h-5 rounded-1 border border-dashed border-accent-line px-1.5 font-medium text-accent-strong",
  applying: "text-ink-2",
  drift: "h-5 rounded-1 border border-current bg-warn-soft px-1.5 font-medium text-warn-ink",
  unclaimed: "h-5 rounded-1 border border-current bg-warn-soft px-1.5 font-medium text-warn-ink",
  lost: "h-[22px] rounded-1 border-3 border-double border-line-strong bg-sunken px-1.5 font-medium text-ink",
};

export function SyncMark({ state, children }: SyncMarkProps) {
  const Icon = icons[state];
  return (
    <span className={clsx("inline-flex items-center gap-1.5 align-middle whitespace-nowrap", looks[state])}>
      <Icon aria-hidden className="size-3.5 shrink-0" strokeWidth={1.5} />
      <span>{children ?? words[state]}</span>
    </span>
  );
}
