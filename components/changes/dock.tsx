"use client";

import { type ReactNode, useEffect, useRef } from "react";
import { useKeptFocus } from "@/components/ui/use-kept-focus.ts";

type DockProps = {
  readonly label: string;
  /** above the bar, e.g. the preview */
  readonly drawer?: ReactNode;
  readonly children: ReactNode;
};

/** The bar of unapplied work at the bottom of the window. The page keeps room for it at its end, so that nothing is ever under it. */
export function Dock({ label, drawer, children }: DockProps) {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    const dock = ref.current;
    if (dock === null) return;
    const root = document.documentElement.style;
    const observer = new ResizeObserver(() => root.setProperty("--dock", `${dock.offsetHeight}px`));
    observer.observe(dock);
    return () => {
      observer.disconnect();
      root.removeProperty("--dock");
    };
  }, []);
  useKeptFocus(ref);
  return (
    <section
      ref={ref}
      aria-label={label}
      className="fixed right-0 bottom-0 left-(--side) z-30 bg-raised shadow-bar max-md:left-0"
    >
      {drawer}
      <div className="flex min-h-12 flex-wrap items-center gap-2 border-t border-line px-gutter py-2">{children}</div>
    </section>
  );
}
