"use client";

import clsx from "clsx";
import type { KeyboardEvent, ReactNode } from "react";
import { useEffect, useId, useRef, useState } from "react";
import { buttonClass } from "./button.tsx";
import type { MenuEntry } from "./menu-entry.tsx";
import { MenuItem } from "./menu-entry.tsx";
import { floatAt, nextIndex } from "./menu-keys.ts";

type MenuProps = {
  /** accessible name of the trigger (and tooltip when it is an icon) */
  readonly label: string;
  readonly trigger: ReactNode;
  readonly triggerClassName?: string;
  readonly entries: readonly MenuEntry[];
  /** words above the entries */
  readonly heading?: ReactNode;
};

/** A menu button: arrows, Home, End, type-ahead by first letter, Escape; drawn in the top layer, so nothing cuts it off. */
export function Menu({ label, trigger, triggerClassName, entries, heading }: MenuProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const triggerRef = useRef<HTMLButtonElement>(null);
  const popRef = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const pop = popRef.current;
    if (pop === null || !open) return;
    const close = () => pop.hidePopover();
    window.addEventListener("resize", close);
    return () => window.removeEventListener("resize", close);
  }, [open]);

  function close(): void {
    popRef.current?.hidePopover();
    triggerRef.current?.focus();
  }
  function onKeyDown(event: KeyboardEvent): void {
    const pop = popRef.current;
    if (pop === null) return;
    if (event.key === "Tab") pop.hidePopover();
    if (event.key === "Escape") {
      event.stopPropagation();
      event.preventDefault();
      close();
    }
    const target = nextItem(items(pop), document.activeElement, event.key);
    if (target === null) return;
    event.preventDefault();
    target.focus();
  }
  return (
    <>
      <button
        ref={triggerRef}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={label}
        title={label}
        popoverTarget={id}
        className={triggerClassName ?? clsx(buttonClass({ variant: "quiet" }), "w-7 px-0! max-md:w-9")}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          popRef.current?.showPopover();
        }}
      >
        {trigger}
      </button>
      <div
        ref={popRef}
        id={id}
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        className="fixed inset-auto m-0 max-h-[80dvh] min-w-44 overflow-y-auto rounded-2 border border-line-strong bg-raised p-1 text-ink shadow-float"
        onBeforeToggle={(event) => {
          setOpen(event.newState === "open");
          // shown once it has its entries and its place
          event.currentTarget.style.visibility = "hidden";
        }}
        onToggle={(event) => {
          if (event.newState === "open" && triggerRef.current !== null) show(event.currentTarget, triggerRef.current);
        }}
        onKeyDown={onKeyDown}
      >
        {heading === undefined ? null : <div className="px-2 pt-1 pb-1.5 text-small text-ink-3">{heading}</div>}
        {/* a table has a menu in each row: only the open one carries its entries */}
        {(open ? entries : []).map((entry, index) => (
          // entries have no identity of their own and do not move
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <MenuItem key={index} entry={entry} close={close} />
        ))}
      </div>
    </>
  );
}

function items(pop: HTMLElement): HTMLElement[] {
  return [...pop.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
}

function nextItem(all: HTMLElement[], current: Element | null, key: string): HTMLElement | null {
  const at = current instanceof HTMLElement ? all.indexOf(current) : -1;
  const next = nextIndex(
    all.map((item) => item.textContent ?? ""),
    at,
    key,
  );
  return next === null ? null : (all[next] ?? null);
}

function show(pop: HTMLElement, trigger: HTMLElement): void {
  place(pop, trigger);
  pop.style.visibility = "visible";
  items(pop)[0]?.focus();
}

function place(pop: HTMLElement, trigger: HTMLElement): void {
  const { left, top } = floatAt(trigger.getBoundingClientRect(), pop.getBoundingClientRect(), {
    width: window.innerWidth,
    height: window.innerHeight,
  });
  pop.style.left = `${left}px`;
  pop.style.top = `${top}px`;
}
