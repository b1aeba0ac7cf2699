"use client";

import { useEffect, useRef, useState } from "react";
import { useEvents } from "@/components/live/use-live.ts";

const pauseMs = 5000;
const spoken: readonly string[] = ["health", "change", "drift", "repair", "prober"];

/** Speaks what happened, at most one message per five seconds, each only once. Counters are never spoken. */
export function Announcer() {
  const events = useEvents();
  const [text, setText] = useState("");
  const lastSeen = useRef<number | null>(null);
  const waiting = useRef<Set<string>>(new Set());

  useEffect(() => {
    const newest = events.at(-1)?.at ?? null;
    // what the first snapshot brings happened before this page was open
    if (lastSeen.current !== null) {
      const since = lastSeen.current;
      for (const event of events) {
        if (event.at > since && spoken.includes(event.kind)) waiting.current.add(event.text);
      }
    }
    if (newest !== null) lastSeen.current = newest;
  }, [events]);

  useEffect(() => {
    const timer = setInterval(() => {
      if (waiting.current.size === 0) return;
      setText([...waiting.current].slice(-3).join(". "));
      waiting.current.clear();
    }, pauseMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <div aria-live="polite" className="sr-only">
      {text}
    </div>
  );
}
