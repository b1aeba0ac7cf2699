/** Things that happened, as marks on a chart: same glyphs as elsewhere, newest last. Pure. */
import type { GlyphKind } from "@/components/ui/status-glyph.tsx";
import type { LiveEvent } from "@/server/core/metrics/live.ts";

export type EventMark = {
  readonly key: string;
  readonly atMs: number;
  readonly glyph: GlyphKind | "change" | "other";
  readonly text: string;
  readonly revision: number | null;
};

const shownMax = 12;

/** Of one farm, or of everything that has no farm (the agent itself), inside the range. */
export function marksOf(events: readonly LiveEvent[], farmId: string, fromMs: number, toMs: number): EventMark[] {
  return events
    .filter((event) => event.at >= fromMs && event.at <= toMs)
    .filter(
      (event) =>
        event.farmId === farmId || (event.farmId === null && event.revision === null && event.kind !== "change"),
    )
    .slice(-shownMax)
    .map((event) => ({
      key: `${event.at}.${event.seq}`,
      atMs: event.at,
      glyph: glyphOf(event),
      // the number stands beside the words, as a link
      text: event.revision === null ? event.text : event.text.replace(/^Revision \d+(: )?/, ""),
      revision: event.revision,
    }));
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
  health: "degraded",
  drift: "degraded",
  limit: "degraded",
  repair: "other",
  agent: "other",
  prober: "other",
  reset: "other",
};
