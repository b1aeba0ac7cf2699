import type { ReactNode } from "react";

type PageHeadProps = { readonly title: string; readonly sub?: ReactNode; readonly actions?: ReactNode };

export function PageHead({ title, sub, actions }: PageHeadProps) {
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
      <h1 className="text-title font-semibold tracking-[-0.02em]">{title}</h1>
      {sub === undefined ? null : <span className="text-ink-2">{sub}</span>}
      {actions === undefined ? null : <div className="ml-auto flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
