import { useSyncExternalStore } from "react";

export type Density = "compact" | "comfortable";

const key = "sluice-density";
const changed = "sluice-density-changed";

/** Height of rows, remembered in this browser; the server draws compact ones. */
export function useDensity(): readonly [Density, (density: Density) => void] {
  const density = useSyncExternalStore(subscribe, read, () => "compact" as const);
  return [density, write];
}

function read(): Density {
  try {
    return window.localStorage.getItem(key) === "comfortable" ? "comfortable" : "compact";
  } catch {
    return "compact";
  }
}

function write(density: Density): void {
  try {
    window.localStorage.setItem(key, density);
  } catch {
    // storage is off: the choice lasts as long as nothing can be kept, which is not at all
  }
  window.dispatchEvent(new Event(changed));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(changed, listener);
  window.addEventListener("storage", listener);
  return () => {
    window.removeEventListener(changed, listener);
    window.removeEventListener("storage", listener);
  };
}
