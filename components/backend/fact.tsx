import type { ReactNode } from "react";

/** One named value of a description list. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="grid min-w-0 content-start gap-0.5">
      <dt className="text-small text-ink-3">{name}</dt>
      <dd className="flex flex-wrap items-center gap-x-1.5">{children}</dd>
    </div>
  );
}
