"use client";

import clsx from "clsx";
import { X } from "lucide-react";
import type { FormEvent, ReactNode } from "react";
import { useEffect, useId, useLayoutEffect, useRef } from "react";
import { IconButton } from "./button.tsx";
import { focusPage } from "./use-kept-focus.ts";

type DialogProps = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** buttons, the main one last */
  readonly footer?: ReactNode;
  readonly size?: "sm" | "md" | "lg";
  /** makes the content a form: Enter in a field submits */
  readonly onSubmit?: () => void;
};

const widths = { sm: "w-[420px]", md: "w-[640px]", lg: "w-[1040px]" } as const;

/** The platform's modal dialog: it traps focus, closes on Escape, makes the page inert and gives focus back. */
export function Dialog({ open, onClose, title, description, children, footer, size = "md", onSubmit }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  const isBackdropPressed = useRef(false);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    if (open && !dialog.open) {
      dialog.showModal();
      firstControl(dialog)?.focus();
    }
    if (!open && dialog.open) closeKeepingFocus(dialog);
  }, [open]);
  // taken away while it is open, it would leave the focus nowhere: closing gives it back
  useLayoutEffect(() => {
    const dialog = ref.current;
    return () => {
      if (dialog?.open) closeKeepingFocus(dialog);
    };
  }, []);

  const Body = onSubmit === undefined ? "div" : "form";
  function submit(event: FormEvent): void {
    event.preventDefault();
    onSubmit?.();
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the backdrop's key is Escape, which the dialog has by itself
    <dialog
      ref={ref}
      aria-labelledby={`${id}-title`}
      aria-describedby={description === undefined ? undefined : `${id}-text`}
      className={clsx(
        "m-auto max-h-[calc(100dvh-32px)] max-w-[calc(100vw-24px)] rounded-3 border border-line-strong",
        "bg-raised p-0 text-ink shadow-float",
        widths[size],
      )}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={() => {
        if (open) onClose();
      }}
      onPointerDown={(event) => {
        isBackdropPressed.current = event.target === ref.current;
      }}
      onClick={(event) => {
        // a drag that began inside, as when text is marked, must not throw away what was typed
        if (event.target === ref.current && isBackdropPressed.current) onClose();
      }}
    >
      {open ? (
        <Body
          className="flex max-h-[calc(100dvh-34px)] flex-col"
          onSubmit={onSubmit === undefined ? undefined : submit}
        >
          <header className="flex items-start gap-3 px-4.5 pt-4 pb-2">
            <h2 id={`${id}-title`} className="text-[15px]/5 font-semibold break-words">
              {title}
            </h2>
            <IconButton
              label="Close"
              icon={<X aria-hidden className="size-4" strokeWidth={1.5} />}
              className="-mt-1 -mr-2 ml-auto"
              onClick={onClose}
            />
          </header>
          <div className="grid min-h-0 grid-cols-[minmax(0,1fr)] content-start gap-3 overflow-y-auto px-4.5 pt-1 pb-3">
            {description === undefined ? null : (
              <div id={`${id}-text`} className="text-ink-2">
                {description}
              </div>
            )}
            {children}
          </div>
          {footer === undefined ? null : (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4.5 py-3">{footer}</footer>
          )}
        </Body>
      ) : null}
    </dialog>
  );
}

/** Focus goes back to what opened it; where that went with what was done here, as a dock does with its last edit, to the page. */
function closeKeepingFocus(dialog: HTMLDialogElement): void {
  dialog.close();
  const { activeElement, body } = document;
  if (activeElement === null || activeElement === body) focusPage();
}

/** Where a person goes on: the first field, or the way back where there is none; never the cross that throws all away. */
function firstControl(dialog: HTMLDialogElement): HTMLElement | null {
  return (
    dialog.querySelector<HTMLElement>(":is(input, select, textarea):enabled") ?? dialog.querySelector("footer button")
  );
}
