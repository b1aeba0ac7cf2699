/** What a wall says, from a distance: the one word above everything, and how many lines there is room for. Pure. */
import type { Freshness } from "@/components/live/freshness.ts";
import type { GlyphKind } from "@/components/ui/status-glyph.tsx";
import { type MonitorGroup, troubles } from "./monitor-model.ts";

export type Verdict = { readonly glyph: GlyphKind; readonly text: string };

/** Green only for what is known now: fresh values, every backend told of, and at least one of them checked and up. */
export function verdictOf(groups: readonly MonitorGroup[], freshness: Freshness): Verdict {
  const { state } = freshness;
  if (state === "connecting") return { glyph: "unknown", text: "Connecting" };
  if (state === "lost") return { glyph: "unknown", text: "The agent does not answer" };
  if (state === "stale") return { glyph: "unknown", text: "No news from the server" };
  const count = (key: MonitorGroup["key"]) => groups.find((group) => group.key === key)?.items.length ?? 0;
  const wrong = troubles(groups).length;
  if (wrong > 0)
    return { glyph: worstGlyph(count), text: `${wrong} ${wrong === 1 ? "backend needs" : "backends need"} a look` };
  if (count("up") === 0) return { glyph: "unknown", text: "Nothing is checked" };
  const unchecked = count("unknown");
  if (unchecked > 0) return { glyph: "unknown", text: `Nothing wrong is known; ${unchecked} not checked` };
  return { glyph: "up", text: "All that is checked is up" };
}

function worstGlyph(count: (key: MonitorGroup["key"]) => number): GlyphKind {
  if (count("down") > 0) return "down";
  return count("ejected") + count("degraded") > 0 ? "degraded" : "unknown";
}
