import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from "react";

type KeptFocus = {
  /** key of the line that has the focus; null = none has */
  readonly line: RefObject<string | null>;
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
  readonly onBlur: (event: FocusEvent<HTMLElement>) => void;
};

/**
 * A line that moves to another group is put elsewhere in the page, and browsers take the focus away from what is moved. It is given
 * back to the same control of the same line.
 */
export function useKeptFocus(): KeptFocus {
  const line = useRef<string | null>(null);
  const control = useRef<string | null>(null);
  const table = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    if (line.current === null || table.current === null || document.activeElement !== document.body) return;
    const row = table.current.querySelector(`[data-line="${CSS.escape(line.current)}"]`);
    const again = row?.querySelector<HTMLElement>(`[data-control="${control.current}"]`);
    again?.focus({ preventScroll: true });
  });
  return {
    line,
    onFocus(event) {
      table.current = event.currentTarget;
      const target = event.target as HTMLElement;
      line.current = target.closest<HTMLElement>("[data-line]")?.dataset.line ?? null;
      control.current = target.closest<HTMLElement>("[data-control]")?.dataset.control ?? null;
    },
    onBlur(event) {
      // moved away by the browser: nothing else has it
      if (event.relatedTarget !== null) line.current = null;
    },
  };
}
