"use client";

import clsx from "clsx";
import { Search } from "lucide-react";
import { useEffect, useRef } from "react";

type SearchBoxProps = {
  /** accessible name */
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly className?: string;
};

/** The box that narrows the list of a page; "/" leads to it from anywhere on the page, Escape empties it. */
export function SearchBox({ label, placeholder, value, onChange, className }: SearchBoxProps) {
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return;
      event.preventDefault();
      ref.current?.focus();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
  return (
    <label
      className={clsx(
        "flex h-7 items-center gap-2 rounded-2 border border-control-line bg-surface px-2 focus-within:shadow-(--focus) max-md:h-9 max-md:w-full",
        className ?? "w-64",
      )}
    >
      <Search aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.5} />
      <span className="sr-only">{label}</span>
      <input
        ref={ref}
        type="search"
        aria-keyshortcuts="/"
        className="peer h-full min-w-0 flex-1 bg-transparent placeholder:text-ink-3 focus-visible:shadow-none"
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <kbd
        aria-hidden
        className="hidden rounded-1 border border-line-strong px-1 font-sans text-[10.5px]/4 font-medium text-ink-3 peer-placeholder-shown:block peer-focus:hidden max-md:hidden!"
      >
        /
      </kbd>
    </label>
  );
}

/** Somebody is typing, or is asked something. */
function isBusy(target: EventTarget | null): boolean {
  const isTyping =
    target instanceof HTMLElement &&
    target.closest("input:not([type=range], [type=checkbox]), textarea, select") !== null;
  return isTyping || document.querySelector("dialog[open]") !== null;
}
