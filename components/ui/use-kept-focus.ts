import { type RefObject, useLayoutEffect } from "react";

/** The page itself: reading goes on from its begin, not from that of the window. */
export function focusPage(): void {
  document.getElementById("main")?.focus({ preventScroll: true });
}

/** What goes with what was pressed in it (a dock's Discard, a message's Undo) leaves the focus to the page, not nowhere. */
export function useKeptFocus(ref: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = ref.current;
    return () => {
      if (element?.contains(document.activeElement)) focusPage();
    };
  }, [ref]);
}
