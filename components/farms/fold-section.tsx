import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import type { FarmForm } from "./use-farm-form.ts";

type FoldSectionProps = {
  readonly form: FarmForm;
  readonly title: string;
  /** what is set, in a line */
  readonly summary: string;
  /** paths of its fields: an error opens the section */
  readonly paths: RegExp;
  readonly children: ReactNode;
};

/** A named group of fields that most farms leave as they are: folded, with what is set in a line. */
export function FoldSection({ form, title, summary, paths, children }: FoldSectionProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  return (
    <section aria-labelledby={id} className="min-w-0 rounded-3 border border-line bg-surface">
      <details
        className="group"
        open={isOpen || form.hasErrorAt(paths)}
        onToggle={(event) => setOpen(event.currentTarget.open)}
      >
        <summary className="flex min-h-10 list-none flex-wrap items-center gap-x-2.5 rounded-3 py-1 pr-3.5 pl-2.5 group-open:rounded-b-none group-open:border-b group-open:border-line hover:bg-hover [&::-webkit-details-marker]:hidden">
          <span className="flex items-center gap-1.5">
            <ChevronRight
              aria-hidden
              className="size-4 text-ink-3 transition-transform duration-(--fast) group-open:rotate-90"
              strokeWidth={1.5}
            />
            <h2 id={id} className="text-head font-semibold tracking-[-0.005em]">
              {title}
            </h2>
          </span>
          <span className="min-w-0 text-small wrap-anywhere text-ink-3 max-md:pl-5.5">{summary}</span>
        </summary>
        <div className="grid gap-x-6 gap-y-4 px-3.5 py-3 lg:grid-cols-2">{children}</div>
      </details>
    </section>
  );
}
