"use client";

import { Clock, Info } from "lucide-react";
import Link from "next/link";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { formatAge } from "@/components/ui/numbers.ts";
import { StatusGlyph } from "@/components/ui/status-glyph.tsx";
import { useChartClock } from "./chart-clock.tsx";
import type { Gap } from "./chart-data.ts";
import type { EventMark } from "./event-marks.ts";

type EventListProps = {
  readonly farmId: string;
  readonly marks: readonly EventMark[];
  readonly gaps: readonly Gap[];
};

/** The marks of the charts as a list: a moment puts the cursor of all charts there, a revision opens its entry in the history. */
export function EventList({ farmId, marks, gaps }: EventListProps) {
  const { cursorMs, setCursor } = useChartClock();
  if (marks.length === 0 && gaps.length === 0) return null;
  return (
    <section aria-label="Events in this range" className="min-w-0">
      <ul className="flex flex-wrap gap-x-4 gap-y-1 text-small">
        {marks.map((mark) => (
          <li key={mark.key} className="flex min-w-0 items-center gap-1.5">
            <MarkSign glyph={mark.glyph} />
            <button
              type="button"
              aria-pressed={cursorMs === mark.atMs}
              onClick={() => setCursor(cursorMs === mark.atMs ? null : mark.atMs)}
              className="inline-flex min-h-6 min-w-0 items-center gap-1.5 rounded-1 hover:text-accent aria-pressed:text-accent"
            >
              <LocalTime atMs={mark.atMs} className="font-medium" />
              <span className="max-w-[46ch] truncate text-ink-2" title={mark.text}>
                {mark.text}
              </span>
            </button>
            {mark.revision === null ? null : (
              <Link
                className="link inline-flex min-h-6 items-center whitespace-nowrap"
                href={`/farms/${farmId}/history#revision-${mark.revision}`}
              >
                revision {mark.revision}
              </Link>
            )}
          </li>
        ))}
        {gaps.map((gap) => (
          <li key={gap.fromMs} className="flex min-h-6 items-center gap-1.5 text-ink-2">
            <span aria-hidden className="gapkey" />
            <LocalTime atMs={gap.fromMs} className="font-medium text-ink" /> gap, {formatAge(gap.toMs - gap.fromMs)}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function MarkSign({ glyph }: { readonly glyph: EventMark["glyph"] }) {
  if (glyph === "change") return <Clock aria-hidden className="size-3.5 shrink-0 text-accent" strokeWidth={1.75} />;
  if (glyph === "other") return <Info aria-hidden className="size-3.5 shrink-0 text-ink-3" strokeWidth={1.75} />;
  return <StatusGlyph kind={glyph} />;
}
