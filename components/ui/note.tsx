import clsx from "clsx";
import { Info, Link2Off, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

type NoteProps = {
  readonly tone?: "plain" | "warn" | "lost" | "bad";
  readonly children: ReactNode;
  readonly actions?: ReactNode;
};

const looks = {
  plain: "border-line bg-surface text-ink-2",
  warn: "border-warn-ink bg-warn-soft text-ink",
  lost: "border-ink-2 bg-sunken text-ink",
  bad: "border-danger-fill bg-danger-soft text-ink",
} as const;

const icons = { plain: Info, warn: TriangleAlert, lost: Link2Off, bad: TriangleAlert } as const;

/** A sentence across the page, with its one action. */
export function Note({ tone = "plain", children, actions }: NoteProps) {
  const Icon = icons[tone];
  return (
    <div className={clsx("flex items-start gap-3 rounded-3 border py-2 pr-2 pl-3.5", looks[tone])}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-2" strokeWidth={1.5} />
      <div className="min-w-0 flex-1 break-words">{children}</div>
      {actions === undefined ? null : <div className="flex shrink-0 gap-2">{actions}</div>}
    </div>
  );
}
