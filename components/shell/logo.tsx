import clsx from "clsx";

/** A gate over water. */
export function Logo({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className={clsx("size-5 shrink-0 text-ink", className)} fill="none">
      <path d="M2.5 1.5v17M17.5 1.5v17" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      <path d="M5 3h10v6.2H5z" fill="currentColor" />
      <path
        d="M5 13.4c1.7 0 1.7 1 3.3 1s1.7-1 3.4-1 1.6 1 3.3 1M5 16.9c1.7 0 1.7 1 3.3 1s1.7-1 3.4-1 1.6 1 3.3 1"
        stroke="var(--accent)"
        strokeWidth="1.5"
        strokeLinecap="round"
      />
    </svg>
  );
}
