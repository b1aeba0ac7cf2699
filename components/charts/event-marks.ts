/** Things that happened, as marks on a chart: same glyphs as elsewhere, newest last. Pure. */
import type { GlyphKind } from "@/components/ui/status-glyph.tsx";
import type { LiveEvent } from "@/server/core/metrics/live.ts";
import { agentRangeS } from "@/server/core/metrics/ranges.ts";

export type EventMark = {
  readonly key: string;
  readonly atMs: number;
  readonly glyph: GlyphKind | "change" | "other";
  readonly text: string;
  readonly revision: number | null;
};

/** of the narrowest chart beside another one */
const signWidthPct = 3;
const shownMax = 12;
const shownMaxLong = 40;

/** Of one farm, or of everything that has no farm (the agent itself), inside the range. */
export function marksOf(events: readonly LiveEvent[], farmId: string, fromMs: number, toMs: number): EventMark[] {
  const own = events
    .filter((event) => event.at >= fromMs && event.at <= toMs)
    .filter(
      (event) =>
        event.farmId === farmId || (event.farmId === null && event.revision === null && event.kind !== "change"),
    );
  return newest(own, toMs - fromMs > agentRangeS * 1000 ? shownMaxLong : shownMax).map((event) => ({
    key: `${event.at}.${event.seq}`,
    atMs: event.at,
    glyph: glyphOf(event),
    // the number stands beside the words, as a link
    text: event.revision === null ? event.text : event.text.replace(/^Revision \d+(: )?/, "") || "changed",
    revision: event.revision,
  }));
}

/** Signs that would cover each other are one, the newest; `placeOf`: percent of the width. The list of events has them all. */
export function marksApart(marks: readonly EventMark[], placeOf: (atMs: number) => number): EventMark[] {
  const kept: EventMark[] = [];
  for (const mark of [...marks].sort((a, b) => b.atMs - a.atMs)) {
    const right = kept.at(-1);
    if (right === undefined || placeOf(right.atMs) - placeOf(mark.atMs) >= signWidthPct) kept.push(mark);
  }
  return kept.reverse();
}

/** Measured weights move all the time: they are marked where there is room beside what people did and what broke. */
function newest(events: readonly LiveEvent[], max: number): LiveEvent[] {
  const main = events.filter(({ kind }) => kind !== "weight").slice(-max);
  const room = max - main.length;
  const moved = room === 0 ? [] : events.filter(({ kind }) => kind === "weight").slice(-room);
  return [...main, ...moved].sort((a, b) => a.at - b.at);
}

/** Of the log and of the live feed, each once, oldest first: a revision by its number and farm, anything else by moment and words. */
export function mergeEvents(logged: readonly LiveEvent[], live: readonly LiveEvent[]): LiveEvent[] {
  const byKey = new Map<string, LiveEvent>();
  for (const event of [...logged, ...live]) {
    const { revision, farmId, at, text } = event;
    byKey.set(revision === null ? `${at} ${text}` : `revision ${revision} ${farmId}`, event);
  }
  return [...byKey.values()].sort((a, b) => a.at - b.at);
}

/** By the kind alone: the words hold names that people chose. Kinds that are only in the log (sign-in, people) have no sign of their own. */
export function glyphOf({ kind }: { readonly kind: string }): EventMark["glyph"] {
  return Object.hasOwn(glyphs, kind) ? glyphs[kind as LiveEvent["kind"]] : "other";
}

const glyphs: Readonly<Record<LiveEvent["kind"], EventMark["glyph"]>> = {
  change: "change",
  drain: "draining",
  stop: "stopped",
  lost: "down",
  back: "up",
  up: "up",
  down: "down",
  health: "degraded",
  weight: "other",
  empty: "draining",
  drift: "degraded",
  limit: "degraded",
  repair: "other",
  agent: "other",
  prober: "other",
  reset: "other",
};
