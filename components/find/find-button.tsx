"use client";

import { Search } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useState } from "react";

const load = async () => (await import("./find-dialog.tsx")).FindDialog;
/** No page waits for it; it is fetched a little later, so that the first letter typed after Ctrl+K is not lost. */
const FindDialog = dynamic(load, { ssr: false });
const loadAfterMs = 1500;

/** From every page to any farm, backend or page; Ctrl+K opens it too. */
export function FindButton() {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => undefined), loadAfterMs);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isAsked = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key === "k";
      if (!isAsked) return;
      event.preventDefault();
      // a question that is open is answered first
      if (document.querySelector("dialog[open]") === null) setOpen(true);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
  return (
    <>
      <button
        type="button"
        aria-label="Find a farm, backend or page"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K"
        title="Find a farm, backend or page"
        onClick={() => setOpen(true)}
        className="flex h-7 w-[232px] items-center gap-2 rounded-2 border border-line-strong bg-surface px-2 text-ink-3 hover:bg-hover max-lg:w-auto max-md:size-9 max-md:justify-center max-md:border-transparent max-md:bg-transparent"
      >
        <Search aria-hidden className="size-4 shrink-0" strokeWidth={1.5} />
        <span className="max-lg:hidden">Find a farm or page</span>
        <kbd className="ml-auto rounded-1 border border-line-strong px-1 font-sans text-[10.5px]/4 font-medium max-md:hidden">
          Ctrl K
        </kbd>
      </button>
      {isOpen ? <FindDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}
