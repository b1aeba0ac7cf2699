"use client";

import clsx from "clsx";
import { Check, TriangleAlert, X } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Button, IconButton } from "./button.tsx";
import { StatusGlyph } from "./status-glyph.tsx";
import type { ToastEntry } from "./toast-store.ts";
import { toasts } from "./toast-store.ts";
import { useKeptFocus } from "./use-kept-focus.ts";

const shownMs = 7000;
const none: readonly ToastEntry[] = [];

/** Exists from the first paint, so that screen readers know the region before it is filled. */
export function ToastRegion() {
  const entries = useSyncExternalStore(toasts.subscribe, toasts.read, () => none);
  return (
    <section
      aria-label="Messages"
      aria-live="polite"
      className="pointer-events-none fixed right-4 bottom-[calc(var(--dock)+16px)] z-40 grid w-[min(420px,calc(100vw-32px))] gap-2"
    >
      {entries.map((entry) => (
        <Toast key={entry.id} entry={entry} />
      ))}
    </section>
  );
}

function Toast({ entry }: { readonly entry: ToastEntry }) {
  const ref = useRef<HTMLDivElement>(null);
  useKeptFocus(ref);
  const [held, setHeld] = useState(false);
  const stays = entry.tone === "bad";
  const close = () => toasts.remove(entry.id);
  useEffect(() => {
    if (held || stays) return;
    const timer = setTimeout(() => toasts.remove(entry.id), shownMs);
    return () => clearTimeout(timer);
  }, [held, stays, entry.id]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering only holds the message; nothing is triggered by it
    <div
      ref={ref}
      className={clsx(
        "pointer-events-auto grid grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-x-2.5 rounded-3 border bg-raised py-2.5 pr-2 pl-3 shadow-float",
        stays ? "border-line-strong border-l-3 border-l-danger-fill" : "border-line-strong",
      )}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <ToneIcon tone={entry.tone ?? "plain"} />
      <div className="min-w-0">
        <b className="block font-semibold break-words">{entry.title}</b>
        {entry.text === undefined ? null : <p className="text-small break-words text-ink-2">{entry.text}</p>}
        {entry.action === undefined ? null : (
          <Button
            className="mt-1.5"
            onClick={() => {
              entry.action?.onSelect();
              close();
            }}
          >
            {entry.action.label}
          </Button>
        )}
      </div>
      <IconButton label="Close message" icon={<X aria-hidden className="size-4" strokeWidth={1.5} />} onClick={close} />
    </div>
  );
}

function ToneIcon({ tone }: { readonly tone: NonNullable<ToastEntry["tone"]> }) {
  if (tone === "draining") return <StatusGlyph kind="draining" className="mt-1" />;
  if (tone === "bad") return <TriangleAlert aria-hidden className="mt-0.5 size-4 text-danger-ink" strokeWidth={1.5} />;
  return <Check aria-hidden className="mt-0.5 size-4 text-accent" strokeWidth={1.75} />;
}
