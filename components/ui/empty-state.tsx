import type { ReactNode } from "react";

type EmptyStateProps = {
  readonly icon?: ReactNode;
  readonly title: ReactNode;
  readonly children?: ReactNode;
  /** the one next step */
  readonly action?: ReactNode;
};

/** What is so, and the one next step. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="grid content-start justify-items-start gap-1 px-3.5 py-4">
      <b className="flex items-center gap-2 font-medium">
        {icon === undefined ? null : <span className="text-ink-3">{icon}</span>}
        {title}
      </b>
      {children === undefined ? null : <div className="text-small text-ink-2">{children}</div>}
      {action === undefined ? null : <div className="mt-1.5">{action}</div>}
    </div>
  );
}
