import { useEffect, useRef } from "react";

type BoardKeys = { readonly undo: () => void; readonly redo: () => void; readonly apply: () => void };

/** Ctrl+Z, Ctrl+Shift+Z (or Ctrl+Y) and Ctrl+Enter act anywhere on the page, but not under a dialog. */
export function useBoardKeys(keys: BoardKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      if (document.querySelector("dialog[open]") !== null) return;
      const act = actionOf(event, latest.current);
      if (act === null) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}

function actionOf(event: KeyboardEvent, keys: BoardKeys): (() => void) | null {
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? keys.redo : keys.undo;
  if (key === "y") return keys.redo;
  return key === "enter" ? keys.apply : null;
}
