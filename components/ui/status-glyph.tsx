import clsx from "clsx";
import type { AdminState, FarmWord, Health } from "@/server/core/farm/types.ts";

/** Shape first, colour second; the word beside it is always ink. */
export type GlyphKind = "up" | "degraded" | "down" | "unknown" | "draining" | "stopped";

type StatusGlyphProps = { readonly kind: GlyphKind; readonly className?: string; readonly sizePx?: number };

const colours: Record<GlyphKind, string> = {
  up: "text-st-up",
  degraded: "text-st-degraded",
  down: "text-st-down",
  unknown: "text-st-unknown",
  draining: "text-st-draining",
  stopped: "text-st-stopped",
};

/** Decoration beside a word: hidden from screen readers, which get the word. */
export function StatusGlyph({ kind, className, sizePx = 14 }: StatusGlyphProps) {
  return (
    <svg
      viewBox="0 0 14 14"
      width={sizePx}
      height={sizePx}
      aria-hidden="true"
      data-glyph={kind}
      className={clsx("shrink-0 overflow-visible", colours[kind], className)}
    >
      <GlyphShape kind={kind} />
    </svg>
  );
}

/** The shape alone in a 14 x 14 box, for use inside another drawing. */
function GlyphShape({ kind }: { readonly kind: GlyphKind }) {
  const round = { fill: "none", strokeLinecap: "round", strokeLinejoin: "round" } as const;
  switch (kind) {
    case "up":
      return (
        <>
          <circle cx="7" cy="7" r="6.5" fill="currentColor" />
          <path {...round} d="M4 7.3 6.2 9.4 10 5" stroke="var(--st-mark)" strokeWidth="1.7" />
        </>
      );
    case "degraded":
      return (
        <>
          <path d="M7 .9 13.6 12.6H.4z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />
          <path {...round} d="M7 4.8v3.7" stroke="var(--st-mark)" strokeWidth="1.7" />
          <circle cx="7" cy="10.8" r="1" fill="var(--st-mark)" />
        </>
      );
    case "down":
      return (
        <>
          <path d="M7-.3 14.3 7 7 14.3-.3 7z" fill="currentColor" />
          <path {...round} d="m4.9 4.9 4.2 4.2m0-4.2L4.9 9.1" stroke="var(--st-mark)" strokeWidth="1.6" />
        </>
      );
    case "unknown":
      return (
        <>
          <circle cx="7" cy="7" r="6" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.6 2.11" />
          <path
            {...round}
            d="M5.3 5.6A1.75 1.75 0 1 1 7.7 7.2c-.5.2-.7.5-.7 1"
            stroke="currentColor"
            strokeWidth="1.3"
          />
          <circle cx="7" cy="10" r=".85" fill="currentColor" />
        </>
      );
    case "draining":
      return (
        <>
          <path d="M.5 7h13a6.5 6.5 0 0 1-13 0z" fill="currentColor" />
          <path {...round} d="M7 0v4.6M4.7 2.7 7 5l2.3-2.3" stroke="currentColor" strokeWidth="1.6" />
        </>
      );
    case "stopped":
      return (
        <>
          <rect x=".8" y=".8" width="12.4" height="12.4" rx="1.5" fill="currentColor" />
          <path {...round} d="M4 7h6" stroke="var(--st-mark)" strokeWidth="1.9" />
        </>
      );
  }
}

const farmGlyphs: Record<FarmWord, GlyphKind> = {
  stopped: "stopped",
  unknown: "unknown",
  maintenance: "stopped",
  down: "down",
  critical: "degraded",
  problem: "degraded",
  "not-checked": "unknown",
  up: "up",
};

/** Glyph of a whole farm; when the agent is lost nothing is known, whatever was. */
export function farmGlyph(word: FarmWord, isLost = false): GlyphKind {
  return isLost ? "unknown" : farmGlyphs[word];
}

/** Glyph of one backend from its two axes: down beats the administrator's decision in shape, the words keep both. */
export function backendGlyph(adminState: AdminState, health: Health, isLost = false): GlyphKind {
  if (isLost) return "unknown";
  if (health === "down") return "down";
  if (adminState === "drain") return "draining";
  if (adminState === "maintenance") return "stopped";
  return health;
}
