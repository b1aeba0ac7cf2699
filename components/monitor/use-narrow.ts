"use client";

import { useSyncExternalStore } from "react";

/** Up to where nine columns have no room: phones and tablets held upright. */
const query = "(max-width: 1023px)";

/** For what a stylesheet cannot say, such as how many columns a cell spans. The server's answer is wide. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => false,
  );
}

function subscribe(onChange: () => void): () => void {
  const media = window.matchMedia(query);
  media.addEventListener("change", onChange);
  return () => media.removeEventListener("change", onChange);
}
