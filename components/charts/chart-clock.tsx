"use client";

import type { ReactNode } from "react";
import { createContext, useContext, useEffect, useMemo, useState } from "react";
import { readDraft, writeDraft } from "@/components/changes/session-draft.ts";

export const ranges = [
  { seconds: 300, label: "5 m", words: "5 minutes" },
  { seconds: 900, label: "15 m", words: "15 minutes" },
  { seconds: 6 * 3600, label: "6 h", words: "6 hours" },
  { seconds: 24 * 3600, label: "24 h", words: "24 hours" },
  { seconds: 7 * 24 * 3600, label: "7 d", words: "7 days" },
  { seconds: 30 * 24 * 3600, label: "30 d", words: "30 days" },
  { seconds: 90 * 24 * 3600, label: "90 d", words: "90 days" },
  { seconds: 365 * 24 * 3600, label: "1 y", words: "a year" },
] as const;
export type RangeS = (typeof ranges)[number]["seconds"];

type ChartClock = {
  readonly rangeS: RangeS;
  readonly setRange: (rangeS: RangeS) => void;
  readonly isPaused: boolean;
  readonly setPaused: (isPaused: boolean) => void;
  /** the moment all charts point at; null = none */
  readonly cursorMs: number | null;
  readonly setCursor: (ms: number | null) => void;
};

const ClockContext = createContext<ChartClock | null>(null);

const startRangeS: RangeS = 300;
const storageKey = "sluice.range";

/** One clock for all charts of a page: range (in the address, and kept for the next farm), cursor and pause. */
export function ChartClockProvider({ children }: { readonly children: ReactNode }) {
  const [rangeS, setRangeS] = useState<RangeS>(startRangeS);
  const [isPaused, setPaused] = useState(false);
  const [cursorMs, setCursor] = useState<number | null>(null);
  useEffect(() => {
    const asked = parseRange(new URLSearchParams(window.location.search).get("range"));
    setRangeS(asked ?? readDraft(storageKey, parseRange) ?? startRangeS);
  }, []);

  const clock = useMemo(
    () => ({
      rangeS,
      setRange(next: RangeS) {
        setRangeS(next);
        setCursor(null);
        writeDraft(storageKey, next);
        const url = new URL(window.location.href);
        url.searchParams.set("range", String(next));
        window.history.replaceState(null, "", url);
      },
      isPaused,
      setPaused,
      cursorMs,
      setCursor,
    }),
    [rangeS, isPaused, cursorMs],
  );
  return <ClockContext value={clock}>{children}</ClockContext>;
}

export function useChartClock(): ChartClock {
  const clock = useContext(ClockContext);
  if (clock === null) throw new Error("charts need a ChartClockProvider above them");
  return clock;
}

function parseRange(value: unknown): RangeS | null {
  return ranges.find((range) => String(range.seconds) === String(value))?.seconds ?? null;
}
