import clsx from "clsx";
import type { ReactNode } from "react";
import { useId } from "react";

type PanelProps = {
  readonly title?: ReactNode;
  /** quiet words after the title */
  readonly meta?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** padding around the content; tables bring their own */
  readonly padded?: boolean;
  readonly level?: 2 | 3;
  readonly className?: string;
  readonly tone?: "plain" | "danger";
};

/** A 1 px line and 8 px radius on the canvas, no shadow. With a title it is a named section. */
export function Panel({ title, meta, actions, children, padded = false, level = 2, className, tone }: PanelProps) {
  const id = useId();
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section
      aria-labelledby={title === undefined ? undefined : id}
      className={clsx(
        "min-w-0 rounded-3 border bg-surface",
        tone === "danger" ? "border-danger-fill" : "border-line",
        className,
      )}
    >
      {title === undefined ? null : (
        <header className="flex min-h-10 flex-wrap items-center gap-x-2.5 border-b border-line py-1 pr-2 pl-3.5 max-md:py-2">
          <Heading id={id} className="text-head font-semibold tracking-[-0.005em]">
            {title}
          </Heading>
          {meta === undefined ? null : <span className="text-small text-ink-3">{meta}</span>}
          {actions === undefined ? null : <div className="ml-auto flex items-center gap-2">{actions}</div>}
        </header>
      )}
      {padded ? <div className="px-3.5 py-3">{children}</div> : children}
    </section>
  );
}
