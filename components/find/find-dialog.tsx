"use client";

import clsx from "clsx";
import { Search } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { formatCount } from "@/components/ui/numbers.ts";
import { type FindOption, findOptions } from "./find-options.ts";
import { usePlaces } from "./use-places.ts";

/** A box to type in with what fits below it: arrows choose, Enter goes there, Escape goes back to where the focus was. */
export function FindDialog({ onClose }: { readonly onClose: () => void }) {
  const router = useRouter();
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [search, setSearch] = useState("");
  const [at, setAt] = useState(0);
  const { found, problem, isAsking } = usePlaces(search);
  const options = findOptions(search, found?.places ?? []);
  const current = Math.min(at, options.length - 1);
  const chosen = options[current];
  const [isWanted, setWanted] = useState(false);
  useEffect(() => ref.current?.showModal(), []);
  useEffect(() => {
    document.getElementById(`${id}-${current}`)?.scrollIntoView({ block: "nearest" });
  }, [id, current]);
  // who types fast presses Enter before the server has answered: it is meant for what is typed
  useEffect(() => {
    if (!isWanted || isAsking) return;
    setWanted(false);
    if (chosen === undefined) return;
    leaveFor(ref.current);
    router.push(chosen.href);
  }, [isWanted, isAsking, chosen, router]);

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && options.length > 0) {
      event.preventDefault();
      setAt((current + step + options.length) % options.length);
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    setWanted(true);
  }
  /** the platform's own way: the focus goes back to where it was */
  function close(): void {
    ref.current?.close();
  }
  function go(): void {
    leaveFor(ref.current);
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the backdrop's key is Escape, which the dialog has by itself
    <dialog
      ref={ref}
      aria-label="Find a farm, backend or page"
      className="mx-auto mt-[12vh] mb-auto w-[560px] max-w-[calc(100vw-24px)] rounded-3 border border-line-strong bg-raised p-0 text-ink shadow-float max-md:mt-3"
      onClose={onClose}
      onClick={(event) => {
        if (event.target === ref.current) close();
      }}
    >
      <label className="flex h-11 items-center gap-2.5 border-b border-line px-3.5">
        <Search aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.5} />
        <span className="sr-only">Name, address or tag</span>
        <input
          autoFocus
          type="text"
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={options.length === 0 ? undefined : `${id}-${current}`}
          autoComplete="off"
          spellCheck={false}
          placeholder="Farm, backend, address, tag or page"
          className="h-full min-w-0 flex-1 bg-transparent text-[14px] placeholder:text-ink-3 focus-visible:shadow-none"
          value={search}
          onChange={(event) => {
            setSearch(event.target.value);
            setAt(0);
            setWanted(false);
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label="Found"
        className="grid max-h-[min(420px,60dvh)] overflow-y-auto p-1"
      >
        {options.map((option, index) => (
          <Option key={option.href} id={`${id}-${index}`} option={option} isCurrent={index === current} onGo={go} />
        ))}
      </div>
      <p role="status" className="border-t border-line px-3.5 py-2 text-small text-ink-3">
        {problem ?? statusText(options.length, found?.more ?? 0, isAsking)}
      </p>
    </dialog>
  );
}

/** What had the focus goes with its page: the new one begins at its own. */
function leaveFor(dialog: HTMLDialogElement | null): void {
  dialog?.close();
  document.getElementById("main")?.focus({ preventScroll: true });
}

type OptionProps = {
  readonly id: string;
  readonly option: FindOption;
  readonly isCurrent: boolean;
  readonly onGo: () => void;
};

function Option({ id, option, isCurrent, onGo }: OptionProps) {
  return (
    <Link
      id={id}
      role="option"
      aria-selected={isCurrent}
      tabIndex={-1}
      prefetch={false}
      href={option.href}
      onClick={onGo}
      className={clsx(
        "grid min-h-8 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 rounded-1 px-2.5 py-1 max-md:min-h-10",
        isCurrent ? "bg-selected outline outline-accent-line" : "hover:bg-hover",
      )}
    >
      <span className="truncate">
        <span className="font-medium">{option.name}</span>
        {option.where === "" ? null : <span className="mono ml-2.5 text-ink-3">{option.where}</span>}
      </span>
      <span className="max-w-48 truncate text-small text-ink-3">{option.what}</span>
    </Link>
  );
}

function statusText(shown: number, more: number, isAsking: boolean): string {
  if (shown === 0) return isAsking ? "Looking" : "Nothing is named so. A part of a name or an address is enough.";
  if (more > 0) return `and ${formatCount(more)} more: type more of the name`;
  return "Arrows choose, Enter opens, Esc closes";
}
