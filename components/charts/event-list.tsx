"use client";

import clsx from "clsx";
import { Clock, Info } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { MoreButton } from "@/components/ui/more-button.tsx";
import { formatAge } from "@/components/ui/numbers.ts";
import { StatusGlyph } from "@/components/ui/status-glyph.tsx";
import { useChartClock } from "./chart-clock.tsx";
import type { EventMark } from "./event-marks.ts";
import type { Gap } from "./gaps.ts";

type EventListProps = {
  readonly farmId: string;
  readonly marks: readonly EventMark[];
  readonly gaps: readonly Gap[];
  /** the range is longer than a clock tells */
  readonly withDate: boolean;
};

/** one line; the rest is a click away, so that the charts stay where they are */
const shownMax = 3;

/** The marks of the charts as a list, newest first: a moment puts the cursor of all charts there, a revision opens its entry in the history. */
export function EventList({ farmId, marks, gaps, withDate }: EventListProps) {
  const [isOpen, setOpen] = useState(false);
  const all = newestFirst(marks, gaps);
  if (all.length === 0) return null;
  const shown = isOpen ? all : folded(all);
  return (
    <section aria-label="Events in this range" className="flex min-w-0 items-start gap-4 text-small">
      <ul className={clsx("flex min-w-0 gap-x-4 gap-y-1", isOpen ? "flex-wrap" : "max-md:flex-wrap")}>
        {shown.map((each) =>
          "mark" in each ? (
            <MarkItem key={each.mark.key} mark={each.mark} farmId={farmId} withDate={withDate} />
          ) : (
            <li key={`gap-${each.gap.fromMs}`} className="flex min-h-6 min-w-0 items-center gap-1.5 text-ink-2">
              <span aria-hidden className="gapkey" />
              <GapWords gap={each.gap} withDate={withDate} />
            </li>
          ),
        )}
      </ul>
      {all.length > shownMax ? (
        <MoreButton
          more={all.length - shownMax}
          noun="event"
          isOpen={isOpen}
          onToggle={() => setOpen(!isOpen)}
          className="ml-auto shrink-0 whitespace-nowrap"
        />
      ) : null}
    </section>
  );
}

/** The newest, and before them whatever says why charts are empty: events of others must not push that away. */
function folded(items: readonly Item[]): Item[] {
  const reasons = items.filter(isReason).slice(0, shownMax);
  const newest = items.filter((each) => !isReason(each)).slice(0, shownMax - reasons.length);
  return items.filter((each) => reasons.includes(each) || newest.includes(each));
}

function isReason(item: Item): boolean {
  return "gap" in item && item.gap.text !== undefined;
}

/** A reason names its own moment. */
function GapWords({ gap, withDate }: { readonly gap: Gap; readonly withDate: boolean }) {
  if (gap.text !== undefined) return <span className="truncate">{gap.text}</span>;
  return (
    <>
      <LocalTime atMs={gap.fromMs} withDate={withDate} className="font-medium text-ink" /> gap,{" "}
      {formatAge(gap.toMs - gap.fromMs)}
    </>
  );
}

type MarkItemProps = { readonly mark: EventMark; readonly farmId: string; readonly withDate: boolean };

function MarkItem({ mark, farmId, withDate }: MarkItemProps) {
  const { cursorMs, setCursor } = useChartClock();
  return (
    <li className="flex min-w-0 items-center gap-1.5">
      <MarkSign glyph={mark.glyph} />
      <button
        type="button"
        aria-pressed={cursorMs === mark.atMs}
        onClick={() => setCursor(cursorMs === mark.atMs ? null : mark.atMs)}
        className="inline-flex min-h-6 min-w-0 items-center gap-1.5 rounded-1 hover:text-accent aria-pressed:text-accent"
      >
        <LocalTime atMs={mark.atMs} withDate={withDate} className="shrink-0 whitespace-nowrap font-medium" />
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
  );
}

type Item = { readonly atMs: number } & ({ readonly mark: EventMark } | { readonly gap: Gap });

function newestFirst(marks: readonly EventMark[], gaps: readonly Gap[]): Item[] {
  const items: Item[] = [
    ...marks.map((mark) => ({ atMs: mark.atMs, mark })),
    ...gaps.map((gap) => ({ atMs: gap.text === undefined ? gap.fromMs : gap.toMs, gap })),
  ];
  return items.sort((a, b) => b.atMs - a.atMs);
}

export function MarkSign({ glyph }: { readonly glyph: EventMark["glyph"] }) {
  if (glyph === "change") return <Clock aria-hidden className="size-3.5 shrink-0 text-accent" strokeWidth={1.75} />;
  if (glyph === "other") return <Info aria-hidden className="size-3.5 shrink-0 text-ink-3" strokeWidth={1.75} />;
  return <StatusGlyph kind={glyph} />;
}
