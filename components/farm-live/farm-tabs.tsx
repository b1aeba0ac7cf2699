"use client";

import clsx from "clsx";
import Link from "next/link";
import { usePathname } from "next/navigation";

const tabs = [
  { part: "", label: "Live" },
  { part: "/weights", label: "Weights" },
  { part: "/settings", label: "Settings" },
  { part: "/ruleset", label: "Ruleset" },
  { part: "/history", label: "History" },
] as const;

export function FarmTabs({ farmId }: { readonly farmId: string }) {
  const path = usePathname();
  return (
    <nav
      aria-label="Pages of this farm"
      className="-mx-gutter flex gap-5.5 overflow-x-auto border-b border-line-strong px-gutter [scrollbar-width:none] md:mx-0 md:px-0"
    >
      {tabs.map(({ part, label }) => {
        const href = `/farms/${farmId}${part}`;
        // a backend's page stands below the live one
        const isBelow = part === "" && path.startsWith(`${href}/backends/`);
        const isHere = path === href || isBelow;
        return (
          <Link
            key={part}
            href={href}
            aria-current={isBelow ? "true" : isHere ? "page" : undefined}
            className={clsx(
              "tab -mb-px inline-flex h-8 items-center border-b-2 whitespace-nowrap max-md:h-10",
              isHere ? "border-accent font-medium text-ink" : "border-transparent text-ink-2 hover:text-ink",
            )}
          >
            {label}
          </Link>
        );
      })}
    </nav>
  );
}
