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
    .filter((event) => event.farmId === farmId || (event.farmId === null && event.kind !== "change"))
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

export function glyphOf({ kind, text }: { readonly kind: string; readonly text: string }): EventMark["glyph"] {
  if (/\bdrain(s|ed|ing)?\b/i.test(text)) return "draining";
  if (/\b(maintenance|stopped|disabled)\b/i.test(text)) return "stopped";
  if (kind === "change") return "change";
  if (/\b(down|refused|lost|gone|silent)\b/i.test(text)) return "down";
  if (/\banswers again\b/i.test(text)) return "up";
  if (kind === "health") return /\bup\b/i.test(text) ? "up" : "degraded";
  if (kind === "drift" || kind === "limit") return "degraded";
  return "other";
}
