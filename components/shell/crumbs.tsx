"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { createContext, useContext, useEffect, useState } from "react";
import { crumbsOf } from "./crumb-path.ts";

type FarmName = { readonly name: string | null; readonly set: (name: string | null) => void };
const FarmNameContext = createContext<FarmName>({ name: null, set: () => undefined });

export function CrumbProvider({ children }: { readonly children: ReactNode }) {
  const [name, set] = useState<string | null>(null);
  return <FarmNameContext value={{ name, set }}>{children}</FarmNameContext>;
}

/** The page of a farm says its name here; the bar above the page does not load farms. */
export function CrumbFarm({ name }: { readonly name: string }) {
  const { set } = useContext(FarmNameContext);
  useEffect(() => {
    set(name);
    return () => set(null);
  }, [name, set]);
  return null;
}

export function Crumbs() {
  const { name } = useContext(FarmNameContext);
  const crumbs = crumbsOf(usePathname(), name);
  return (
    <nav aria-label="Where this is" className="min-w-0">
      <ol className="flex items-center gap-[7px] whitespace-nowrap text-ink-3">
        {crumbs.map((crumb, index) => (
          <li key={crumb.href} className="flex min-w-0 items-center gap-[7px] max-md:not-last:hidden">
            {index === 0 ? null : (
              <span aria-hidden className="max-md:hidden">
                /
              </span>
            )}
            {index === crumbs.length - 1 ? (
              <b aria-current="page" className="truncate font-medium text-ink">
                {crumb.label}
              </b>
            ) : (
              <Link href={crumb.href} className="truncate rounded-1 hover:text-ink">
                {crumb.label}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
