"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { createContext, useCallback, useContext, useEffect, useState } from "react";
import { crumbsOf } from "./crumb-path.ts";

type CrumbNames = { readonly farm: string | null; readonly backend: string | null };
type Naming = { readonly names: CrumbNames; readonly set: (names: Partial<CrumbNames>) => void };

const noNames: CrumbNames = { farm: null, backend: null };
const NamesContext = createContext<Naming>({ names: noNames, set: () => undefined });

export function CrumbProvider({ children }: { readonly children: ReactNode }) {
  const [names, setNames] = useState(noNames);
  const set = useCallback((some: Partial<CrumbNames>) => setNames((old) => ({ ...old, ...some })), []);
  return <NamesContext value={{ names, set }}>{children}</NamesContext>;
}

/** The page of a farm says its name here; the bar above the page does not load farms. */
export function CrumbFarm({ name }: { readonly name: string }) {
  const { set } = useContext(NamesContext);
  useEffect(() => {
    set({ farm: name });
    return () => set({ farm: null });
  }, [name, set]);
  return null;
}

export function CrumbBackend({ name }: { readonly name: string }) {
  const { set } = useContext(NamesContext);
  useEffect(() => {
    set({ backend: name });
    return () => set({ backend: null });
  }, [name, set]);
  return null;
}

export function Crumbs() {
  const { names } = useContext(NamesContext);
  const crumbs = crumbsOf(usePathname(), names.farm, names.backend);
  return (
    <nav aria-label="Where this is" className="min-w-0">
      <ol className="flex items-center gap-[7px] whitespace-nowrap text-ink-3">
        {crumbs.map((crumb, index) => (
          <li key={crumb.href} className="flex min-w-0 items-center gap-[7px] first:shrink-0 max-md:not-last:hidden">
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
