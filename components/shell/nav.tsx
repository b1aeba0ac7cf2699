"use client";

import clsx from "clsx";
import { ChartColumn, History, ListFilter, Monitor, Network, Route, ScrollText, SlidersHorizontal } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useFarmRows, useFreshness } from "@/components/live/use-live.ts";
import { formatCount } from "@/components/ui/numbers.ts";
import { farmGlyph, StatusGlyph } from "@/components/ui/status-glyph.tsx";
import { farmWordText } from "@/components/ui/status-words.ts";

export type NavFarm = { readonly id: string; readonly name: string };

type NavProps = {
  readonly farmCount: number;
  /** the first few, by name */
  readonly farms: readonly NavFarm[];
};

const places = [
  { href: "/", label: "Overview", icon: ChartColumn },
  { href: "/farms", label: "Farms", icon: Network },
  { href: "/monitor", label: "Monitor", icon: Monitor },
  { href: "/lists", label: "Lists", icon: ListFilter },
  { href: "/explain", label: "Explain a client", icon: Route },
  { href: "/events", label: "Events", icon: ScrollText },
  { href: "/history", label: "History", icon: History },
  { href: "/settings", label: "Settings", icon: SlidersHorizontal },
] as const;

const look = "flex h-[30px] items-center gap-[9px] rounded-2 px-2 max-md:h-10";

export function Nav({ farmCount, farms }: NavProps) {
  const path = usePathname();
  return (
    <nav aria-label="Main" className="-m-1 grid grid-cols-[minmax(0,1fr)] content-start gap-px overflow-y-auto p-1">
      {places.map(({ href, label, icon: Icon }) => {
        const isHere = href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
        return (
          <Link
            key={href}
            href={href}
            aria-current={isHere ? "page" : undefined}
            className={clsx(
              look,
              isHere ? "bg-selected font-medium text-ink" : "text-ink-2 hover:bg-hover hover:text-ink",
            )}
          >
            <Icon aria-hidden className={clsx("size-4 shrink-0", isHere && "text-accent")} strokeWidth={1.5} />
            {label}
            {href === "/farms" ? <span className="ml-auto text-small text-ink-3">{formatCount(farmCount)}</span> : null}
          </Link>
        );
      })}
      {farms.length === 0 ? null : <FarmLinks farms={farms} path={path} isAll={farms.length === farmCount} />}
    </nav>
  );
}

type FarmLinksProps = { readonly farms: readonly NavFarm[]; readonly path: string; readonly isAll: boolean };

function FarmLinks({ farms, path, isAll }: FarmLinksProps) {
  const rows = useFarmRows();
  const isLost = isNotKnown(useFreshness().state);
  return (
    <>
      <h2 className="flex justify-between px-2 pt-4 pb-1.5 text-micro font-medium text-ink-3">
        <span>{isAll ? "Farms" : "First farms"}</span>
        <span>conn/s</span>
      </h2>
      {farms.map(({ id, name }) => {
        const row = rows?.get(id);
        const isHere = path.startsWith(`/farms/${id}`);
        return (
          <Link
            key={id}
            href={`/farms/${id}`}
            className={clsx(look, "text-ink-2 hover:bg-hover hover:text-ink", isHere && "text-ink")}
          >
            <StatusGlyph kind={row === undefined ? "unknown" : farmGlyph(row.word, isLost)} />
            <span className="min-w-0 truncate" title={name}>
              {name}
            </span>
            <span className="sr-only">, {row === undefined || isLost ? "Unknown" : farmWordText(row.word)}, </span>
            <span className="ml-auto text-small text-ink-3">
              {row?.newPerS == null ? <span aria-hidden>-</span> : formatCount(row.newPerS)}
              <span className="sr-only">
                {row?.newPerS == null ? "connections not known" : " connections a second"}
              </span>
            </span>
          </Link>
        );
      })}
    </>
  );
}
