"use client";

import clsx from "clsx";
import { Volume2 } from "lucide-react";
import { useEffect, useLayoutEffect, useRef } from "react";
import type { Freshness } from "@/components/live/freshness.ts";
import { isNotKnown } from "@/components/live/freshness.ts";
import { Button } from "@/components/ui/button.tsx";
import { formatAge, formatClock, formatCount } from "@/components/ui/numbers.ts";
import { StatusGlyph } from "@/components/ui/status-glyph.tsx";
import {
  groupKeys,
  groupLooks,
  itemGlyph,
  itemReason,
  itemWords,
  type MonitorGroup,
  troubles,
} from "./monitor-model.ts";
import { useWall } from "./use-wall.ts";
import { verdictOf } from "./wall-model.ts";

type FarmTrouble = { readonly farmId: string; readonly name: string; readonly text: string };

type WallProps = {
  readonly groups: readonly MonitorGroup[];
  /** what concerns whole farms */
  readonly farms: readonly FarmTrouble[];
  readonly freshness: Freshness;
  readonly nowMs: number | null;
  readonly hasSound: boolean;
  readonly onLeave: () => void;
};

const linesMax = 16;

/** The monitor from five metres away: what is wrong and counts, no controls but the way out. */
export function Wall({ groups, farms, freshness, nowMs, hasSound, onLeave }: WallProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const { isHinted } = useWall(onLeave);
  // modal: nothing behind it can be reached, and Escape leaves
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => {
      dialog?.close();
      // the button that opened it was taken away with its page
      document.getElementById("main")?.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    const { dataset } = document.documentElement;
    // screens on walls hang in dim rooms: dark, unless a theme was chosen
    if (dataset.theme !== undefined) return;
    dataset.theme = "dark";
    return () => {
      delete dataset.theme;
    };
  }, []);
  const isLost = freshness.state !== "live";
  const wrong = troubles(groups);
  const room = Math.max(1, linesMax - farms.length);
  return (
    <dialog
      ref={ref}
      aria-label="Wall"
      className="m-0 h-dvh max-h-none w-dvw max-w-none grid-rows-[auto_auto_minmax(0,1fr)_auto] gap-[2vmin] overflow-hidden bg-canvas p-[3vmin] text-ink open:grid"
      onCancel={(event) => {
        event.preventDefault();
        onLeave();
      }}
    >
      <Head groups={groups} freshness={freshness} nowMs={nowMs} hasSound={hasSound} />
      <Counts groups={groups} isLost={isLost} />
      <ul
        className={clsx(
          "grid content-start overflow-hidden text-[clamp(15px,2.6vmin,34px)]",
          isLost && "lost lost-hatch",
        )}
      >
        {farms.map(({ farmId, name, text }) => (
          <li
            key={farmId}
            className="flex min-w-0 items-center gap-[1.5vmin] border-b border-line py-[0.9vmin] leading-tight"
          >
            <StatusGlyph kind={isLost ? "unknown" : "degraded"} sizePx={28} />
            <b>{name}</b>
            <span className="min-w-0 truncate">{text}</span>
          </li>
        ))}
        {wrong.slice(0, room).map((item) => (
          <li
            key={item.backend.id}
            className="flex min-w-0 items-center gap-[1.5vmin] border-b border-line py-[0.9vmin] leading-tight max-md:flex-wrap max-md:gap-y-0"
          >
            <StatusGlyph kind={itemGlyph(item, isLost)} sizePx={28} />
            <b className="max-w-[34vw] shrink-0 truncate max-md:max-w-full">{item.backend.name}</b>
            <span className="max-w-[20vw] shrink-0 truncate text-ink-2 max-md:max-w-full">{item.farm.name}</span>
            <span className="shrink-0">
              {isLost ? "was " : ""}
              {itemWords(item)}
            </span>
            <span className="min-w-0 truncate text-ink-2">{itemReason(item)}</span>
            <span className="ml-auto shrink-0 text-ink-3">{sinceText(item.row?.since ?? null, nowMs)}</span>
          </li>
        ))}
        {wrong.length > room ? (
          <li className="py-[0.9vmin] text-ink-2">and {formatCount(wrong.length - room)} more</li>
        ) : null}
      </ul>
      <Button
        className={clsx("justify-self-end focus-visible:opacity-100", !isHinted && "opacity-0")}
        onClick={onLeave}
      >
        Leave wall mode
      </Button>
    </dialog>
  );
}

function Head({ groups, freshness, nowMs, hasSound }: Pick<WallProps, "groups" | "freshness" | "nowMs" | "hasSound">) {
  const { glyph, text } = verdictOf(groups, freshness);
  const age = freshness.ageS === null ? "" : ` for ${formatAge(freshness.ageS * 1000)}`;
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-[2vmin]">
      <StatusGlyph kind={glyph} sizePx={44} />
      <h1 className="min-w-0 text-[clamp(20px,5vmin,64px)] leading-tight font-semibold tracking-[-0.02em]">
        {text}
        {isNotKnown(freshness.state) ? <span className="text-ink-2">{age}; what follows was last known</span> : null}
      </h1>
      <span className="ml-auto inline-flex items-center gap-2 text-[clamp(14px,2.4vmin,30px)] text-ink-3">
        {hasSound ? <Volume2 role="img" aria-label="Sound on" className="size-[1em]" strokeWidth={1.5} /> : null}
        {nowMs === null ? null : formatClock(nowMs)}
      </span>
    </div>
  );
}

function Counts({ groups, isLost }: Pick<WallProps, "groups"> & { readonly isLost: boolean }) {
  return (
    <dl className="flex flex-wrap gap-x-[4vmin] gap-y-[1vmin] border-y border-line-strong py-[1.5vmin]">
      {groupKeys.map((key) => {
        const count = groups.find((group) => group.key === key)?.items.length ?? 0;
        if (count === 0) return null;
        const { title, glyph } = groupLooks[key];
        return (
          <div key={key} className="flex items-center gap-[1vmin]">
            <StatusGlyph kind={isLost ? "unknown" : glyph} sizePx={24} />
            <dt className="text-[clamp(13px,2.2vmin,28px)] text-ink-2">
              {isLost ? `was ${title.toLowerCase()}` : title}
            </dt>
            <dd className="text-[clamp(18px,4vmin,52px)] leading-none font-semibold">{formatCount(count)}</dd>
          </div>
        );
      })}
    </dl>
  );
}

function sinceText(atMs: number | null, nowMs: number | null): string {
  return atMs === null || nowMs === null ? "" : formatAge(nowMs - atMs);
}
