"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { useEvents } from "@/components/live/use-live.ts";
import { eventKey, isUnread } from "./unread.ts";

/** The web process writes events down shortly after they arrive. */
const writtenAfterMs = 1200;

/** An event of the feed that the page, read from the log, does not show makes it read the log again. */
export function useRereadOnEvent(shownAtMs: number | null): void {
  const router = useRouter();
  const last = useEvents().at(-1);
  const seen = useRef<string | null>(null);
  const shownAt = useRef(shownAtMs);
  shownAt.current = shownAtMs;
  useEffect(() => {
    const isNew = isUnread(last, seen.current, shownAt.current);
    seen.current = eventKey(last);
    if (!isNew) return;
    const timer = setTimeout(() => router.refresh(), writtenAfterMs);
    return () => clearTimeout(timer);
  }, [last, router]);
}
