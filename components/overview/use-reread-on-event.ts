"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { useEvents } from "@/components/live/use-live.ts";
import { createReread, eventKey, isUnread } from "./unread.ts";

/** An event of the feed that the page, read from the log, does not show makes it read the log again. */
export function useRereadOnEvent(shownAtMs: number | null): void {
  const router = useRouter();
  const last = useEvents().at(-1);
  const seen = useRef<string | null>(null);
  const now = useRef({ last, shownAtMs });
  now.current = { last, shownAtMs };
  const arrived = useRef<(() => void) | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    arrived.current = createReread({
      reread: () => router.refresh(),
      isMissing: () => isUnread(now.current.last, null, now.current.shownAtMs),
      plan: (ms, task) => {
        clearTimeout(timer);
        timer = setTimeout(task, ms);
      },
    });
    return () => clearTimeout(timer);
  }, [router]);
  useEffect(() => {
    const isNew = isUnread(last, seen.current, now.current.shownAtMs);
    seen.current = eventKey(last);
    if (isNew) arrived.current?.();
  }, [last]);
}
