"use client";

import { useEffect, useState } from "react";

export type Held<T> = {
  readonly shown: T;
  /** seconds of data collected since it was held; null = not held */
  readonly newS: number | null;
};

/** Keeps the picture as it was when holding began; the data go on being collected behind it. */
export function useHeld<T extends { readonly toMs: number }>(latest: T, isHeld: boolean): Held<T> {
  const [kept, setKept] = useState<T | null>(null);
  useEffect(() => {
    // only the moment of holding counts, not what arrives later
    setKept((old) => (isHeld ? (old ?? latest) : null));
  }, [isHeld, latest]);
  if (!isHeld || kept === null) return { shown: latest, newS: isHeld ? 0 : null };
  return { shown: kept, newS: Math.max(0, Math.round((latest.toMs - kept.toMs) / 1000)) };
}
