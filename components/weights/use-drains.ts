import { useEffect, useRef, useState } from "react";
import type { FarmLive } from "@/server/core/metrics/live.ts";
import { addReadings, type DrainProgress, type DrainReadings, emptied, progressOf } from "./drain-progress.ts";

/** Follows the drains of a farm; says once when a backend is empty. */
export function useDrains(
  live: FarmLive | null,
  onEmpty: (backendId: string) => void,
): (backendId: string) => DrainProgress | null {
  const [readings, setReadings] = useState<DrainReadings>(new Map());
  const last = useRef(readings);
  const say = useRef(onEmpty);
  say.current = onEmpty;
  useEffect(() => {
    if (live === null) return;
    const next = addReadings(last.current, live);
    for (const backendId of emptied(last.current, next)) say.current(backendId);
    last.current = next;
    setReadings(next);
  }, [live]);
  return (backendId) => progressOf(readings, backendId);
}
