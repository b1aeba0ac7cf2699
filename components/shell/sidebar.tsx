"use client";

import { Menu as MenuIcon } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";
import { useAgentState, useFreshness } from "@/components/live/use-live.ts";
import { IconButton } from "@/components/ui/button.tsx";
import { StatusGlyph } from "@/components/ui/status-glyph.tsx";
import { Logo } from "./logo.tsx";
import type { NavFarm } from "./nav.tsx";
import { Nav } from "./nav.tsx";
import { SideFoot } from "./side-foot.tsx";

type SidebarProps = { readonly farmCount: number; readonly farms: readonly NavFarm[] };

/** Beside the page; under 760 px it is behind the menu button. */
export function Sidebar(props: SidebarProps) {
  return (
    <aside className="sticky top-0 flex h-dvh flex-col border-r border-line px-2.5 pb-2.5 max-md:hidden">
      <SideContent {...props} />
    </aside>
  );
}

export function SidebarButton(props: SidebarProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const path = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: following a link closes the menu
  useEffect(() => ref.current?.close(), [path]);
  return (
    <>
      <IconButton
        label="Menu"
        icon={<MenuIcon aria-hidden className="size-4" strokeWidth={1.5} />}
        className="-ml-2 hidden! max-md:inline-flex!"
        onClick={() => ref.current?.showModal()}
      />
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the backdrop's key is Escape, which the dialog has by itself */}
      <dialog
        ref={ref}
        aria-label="Menu"
        className="m-0 h-dvh max-h-none w-64 max-w-[85vw] border-r border-line bg-canvas p-0 text-ink"
        onClick={(event) => {
          if (event.target === ref.current) ref.current.close();
        }}
      >
        <div className="flex h-full flex-col px-2.5 pb-2.5">
          <SideContent {...props} />
        </div>
      </dialog>
    </>
  );
}

function SideContent({ farmCount, farms }: SidebarProps) {
  return (
    <>
      <Link
        href="/"
        className="flex h-(--top) shrink-0 items-center gap-[9px] rounded-2 px-1.5 text-[15px] font-semibold tracking-[-0.015em]"
      >
        <Logo />
        Sluice
      </Link>
      <HostLine />
      <Nav farmCount={farmCount} farms={farms} />
      <SideFoot />
    </>
  );
}

/** Which balancer this is. One web process manages one balancer, so it is a fact, not a choice. */
function HostLine() {
  const agent = useAgentState();
  const { state } = useFreshness();
  return (
    <Link
      href="/settings"
      className="mt-1 mb-3 flex h-9 shrink-0 items-center gap-2 rounded-2 border border-line bg-surface px-2 hover:bg-hover"
    >
      <StatusGlyph kind={state === "live" ? "up" : "unknown"} />
      <span className="min-w-0 truncate font-medium">{agent?.hostname ?? "Balancer"}</span>
      {agent?.lab === true ? <span className="ml-auto text-small text-ink-3">lab</span> : null}
    </Link>
  );
}
