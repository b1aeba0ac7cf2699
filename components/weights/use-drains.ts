import { useEffect, useRef } from "react";
import type { FarmLive } from "@/server/core/metrics/live.ts";
import { emptied } from "./drain-progress.ts";

/** Says once when a backend that drains is empty. */
export function useDrains(live: FarmLive | null, onEmpty: (backendId: string) => void): void {
  const last = useRef<FarmLive | null>(null);
  const say = useRef(onEmpty);
  say.current = onEmpty;
  useEffect(() => {
    if (live === null) return;
    for (const backendId of emptied(last.current, live)) say.current(backendId);
    last.current = live;
  }, [live]);
}
