"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { useEvents } from "@/components/live/use-live.ts";
import type { LiveEvent } from "@/server/core/metrics/live.ts";

const pauseMs = 5000;
/** changes of state; a measured weight moves too often to be spoken */
const spoken: readonly LiveEvent["kind"][] = [
  "health",
  "up",
  "down",
  "change",
  "drain",
  "stop",
  "empty",
  "drift",
  "repair",
  "prober",
];

/** Speaks what happened at once, then nothing for five seconds; what came meanwhile is one message. Counters are never spoken. */
export function Announcer() {
  const events = useEvents();
  const [text, setText] = useState("");
  const lastSeen = useRef<number | null>(null);
  const waiting = useRef<Set<string>>(new Set());
  const spokenAt = useRef(Number.NEGATIVE_INFINITY);

  const speak = useCallback(() => {
    const isDue = performance.now() - spokenAt.current >= pauseMs;
    if (waiting.current.size === 0 || !isDue) return;
    setText([...waiting.current].slice(-3).join(". "));
    waiting.current.clear();
    spokenAt.current = performance.now();
  }, []);

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
    speak();
  }, [events, speak]);

  useEffect(() => {
    const timer = setInterval(speak, 1000);
    return () => clearInterval(timer);
  }, [speak]);
  return (
    <div aria-live="polite" className="sr-only">
      {text}
    </div>
  );
}
