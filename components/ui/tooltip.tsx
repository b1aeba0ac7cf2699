"use client";

import type { ReactNode } from "react";
import { useId, useRef } from "react";
import { floatAt } from "./menu-keys.ts";

type TooltipProps = {
  readonly text: ReactNode;
  /** the thing explained; focusable by itself or made so here */
  readonly children: ReactNode;
  /** false when the child is already a button or link */
  readonly focusable?: boolean;
};

/** Words on hover and on focus; stays while hovered, goes on Escape. Never the only place where something is said. */
export function Tooltip({ text, children, focusable = true }: TooltipProps) {
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const tip = useRef<HTMLDivElement>(null);

  function show(): void {
    if (tip.current === null || anchor.current === null || tip.current.matches(":popover-open")) return;
    tip.current.showPopover();
    const view = { width: window.innerWidth, height: window.innerHeight };
    const at = floatAt(anchor.current.getBoundingClientRect(), tip.current.getBoundingClientRect(), view);
    tip.current.style.left = `${at.left}px`;
    tip.current.style.top = `${at.top}px`;
  }
  function hide(): void {
    if (tip.current?.matches(":popover-open")) tip.current.hidePopover();
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the words are tied by aria-describedby; hover is only one way to them
    <span
      ref={anchor}
      className="inline-flex"
      onPointerEnter={show}
      onPointerLeave={hide}
      onFocus={show}
      onBlur={hide}
      onKeyDown={(event) => {
        if (event.key === "Escape") hide();
      }}
    >
      {focusable ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not read the words
        <span tabIndex={0} className="inline-flex rounded-1" aria-describedby={id}>
          {children}
        </span>
      ) : (
        children
      )}
      <div
        ref={tip}
        id={id}
        role="tooltip"
        popover="manual"
        className="fixed inset-auto m-0 max-w-72 rounded-2 border border-line-strong bg-raised px-2.5 py-1.5 text-small whitespace-normal text-ink shadow-float"
      >
        {text}
      </div>
    </span>
  );
}
