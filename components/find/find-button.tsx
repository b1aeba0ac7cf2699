"use client";

import { Search } from "lucide-react";
import { type ComponentType, useEffect, useState } from "react";

type FindDialogType = ComponentType<{ readonly onClose: () => void }>;

const load = async (): Promise<FindDialogType> => (await import("./find-dialog.tsx")).FindDialog;
/** No page waits for it. Fetched a little later and drawn in the same moment as Ctrl+K, it takes the first letter typed after it. */
const loadAfterMs = 1500;

/** From every page to any farm, backend or page; Ctrl+K opens it too. */
export function FindButton() {
  const [isOpen, setOpen] = useState(false);
  const [FindDialog, setDialog] = useState<FindDialogType | null>(null);
  useEffect(() => {
    if (FindDialog !== null) return;
    const take = () =>
      void load().then(
        (loaded) => setDialog(() => loaded),
        () => undefined,
      );
    const timer = setTimeout(take, isOpen ? 0 : loadAfterMs);
    return () => clearTimeout(timer);
  }, [FindDialog, isOpen]);
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
      {isOpen && FindDialog !== null ? <FindDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}
