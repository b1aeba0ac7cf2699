/** What was measured of a backend, in words, bars and lines of a file. Pure. */
import { csvText } from "@/components/ui/csv.ts";
import { formatClock, formatCount, formatCounted, formatMs } from "@/components/ui/numbers.ts";
import type { GlyphKind } from "@/components/ui/status-glyph.tsx";
import type { Beat, CheckEntry, Histogram } from "@/server/core/metrics/backend-monitor.ts";
import type { CheckLive } from "@/server/core/metrics/live.ts";

const errorWords: Readonly<Record<string, string>> = {
  refused: "Connection refused",
  timeout: "No answer in time",
  unreachable: "Not reachable",
  reset: "Connection reset",
  closed: "Closed before the answer was whole",
  tls: "TLS failed",
  malformed: "Answer not understood",
  unhealthy: "Answered that it is not well",
  "cannot-check": "Cannot be checked here",
  other: "Failed",
};

type CheckWord = "Good" | "Degraded" | "Failed" | "Not made";

/** The sign beside the word: what could not be asked from here says nothing of the backend. */
export const checkGlyphs = {
  Good: "up",
  Degraded: "degraded",
  Failed: "down",
  "Not made": "unknown",
} as const satisfies Record<CheckWord, GlyphKind>;

export function checkWord({ ok, degraded, error }: Pick<CheckEntry, "ok" | "degraded" | "error">): CheckWord {
  if (error === "cannot-check") return "Not made";
  if (!ok) return "Failed";
  return degraded ? "Degraded" : "Good";
}

/** What was seen, in the prober's words where it has some. */
export function seenText({ error, text }: Pick<CheckEntry, "error" | "text">): string {
  if (text !== "") return text.charAt(0).toUpperCase() + text.slice(1);
  return error === null ? "" : (errorWords[error] ?? error);
}

/** What was asked last, as it may be said of now. */
export function lastCheckWords({ at, ok, isDegraded, isOld }: CheckLive): {
  readonly glyph: GlyphKind;
  readonly text: string;
} {
  if (at === null) return { glyph: "unknown", text: "Not asked yet" };
  if (ok === null) return { glyph: "unknown", text: "Not made" };
  const word = checkWord({ ok, degraded: isDegraded === true, error: null });
  return isOld === true
    ? { glyph: "unknown", text: `Was ${word.toLowerCase()}` }
    : { glyph: checkGlyphs[word], text: word };
}

/** Results in a row as they count now; null = none does. */
export function inRowWords({ at, ok, isOld, inRow, needed }: CheckLive): string | null {
  if (at === null || ok === null || isOld === true) return null;
  const toCome = needed === 0 || inRow >= needed ? "" : ` of ${formatCount(needed)} that change the state`;
  return `${formatCount(inRow)} ${ok ? "good" : "failed"}${toCome}`;
}

export function certificateWords(days: number): string {
  const whole = Math.floor(days);
  if (whole < 0) return "expired";
  if (whole === 0) return "ends within a day";
  return `ends in ${formatCounted(whole, "day")}`;
}

export function entryText(entry: CheckEntry): string {
  const took = entry.tookMs === null ? "" : ` in ${formatMs(entry.tookMs)} ms`;
  const seen = seenText(entry);
  return `${checkWord(entry)}${took}${seen === "" ? "" : `: ${seen}`}`;
}

/** Newest first; times in ISO. A text may hold what a program of the host said. */
export function checksCsv(checks: readonly CheckEntry[]): string {
  const rows = newestFirst(checks).map((entry) => [
    new Date(entry.at).toISOString(),
    checkWord(entry).toLowerCase(),
    entry.tookMs === null ? "" : String(entry.tookMs),
    entry.error ?? "",
    entry.text,
  ]);
  return csvText([["time", "result", "ms", "error", "text"], ...rows]);
}

/** A minute a line, oldest first as it is drawn; a minute without checks has no counts. */
export function beatsCsv(beats: readonly Beat[]): string {
  const rows = beats.map((beat) => {
    const kind = beatKind(beat);
    const counts = kind === "none" ? ["", ""] : [String(beat.good), String(beat.bad)];
    return [new Date(beat.atMs).toISOString(), kind === "some" ? "up" : kind === "none" ? "" : kind, ...counts];
  });
  return csvText([["minute", "state", "good", "failed"], ...rows]);
}

export function histogramCsv(histogram: Histogram): string {
  const rows = histogramRows(histogram).map(({ label, count }) => [label, String(count)]);
  return csvText([["ms", "count"], ...rows]);
}

export function newestFirst<T>(entries: readonly T[]): readonly T[] {
  return entries.toReversed();
}

export type BeatKind = "none" | "up" | "some" | "degraded" | "down";

/** How a minute looks: trouble within a minute that ended well is seen too. */
export function beatKind({ good, bad, health }: Beat): BeatKind {
  if (good + bad === 0) return "none";
  if (health === "down") return "down";
  if (health === "degraded") return "degraded";
  return bad > 0 ? "some" : "up";
}

const healthWords: Record<Beat["health"], string> = {
  up: "Up",
  degraded: "Degraded",
  down: "Down",
  unknown: "not known",
};

/** "14:03, Up: 30 good, 1 failed" */
export function beatText(beat: Beat): string {
  const at = formatClock(beat.atMs).slice(0, 5);
  if (beat.good + beat.bad === 0) return `${at}: no checks`;
  const failed = beat.bad === 0 ? "" : `, ${formatCount(beat.bad)} failed`;
  return `${at}, ${healthWords[beat.health]}: ${formatCount(beat.good)} good${failed}`;
}

/** What the strip says as a whole. */
export function beatsSummary(beats: readonly Beat[]): string {
  const known = beats.filter(({ good, bad }) => good + bad > 0);
  if (known.length === 0) return "No checks in the last two hours.";
  const down = known.filter((beat) => beatKind(beat) === "down").length;
  const trouble = known.filter((beat) => ["some", "degraded"].includes(beatKind(beat))).length;
  const span = `${formatCounted(known.length, "minute")} of checks`;
  if (down + trouble === 0) return `${span}, all good.`;
  const parts = [
    ...(down === 0 ? [] : [`down in ${formatCount(down)}`]),
    ...(trouble === 0 ? [] : [`trouble in ${formatCount(trouble)}${down === 0 ? "" : " more"}`]),
  ];
  return `${span}: ${parts.join(", ")}.`;
}

/** A whole strip: minutes without an entry are there too, as nothing. */
export function wholeStrip(beats: readonly Beat[], nowMs: number, minutes = 120): Beat[] {
  const minute = 60_000;
  const byMinute = new Map(beats.map((beat) => [Math.floor(beat.atMs / minute), beat]));
  const last = Math.max(Math.floor(nowMs / minute), ...beats.slice(-1).map(({ atMs }) => Math.floor(atMs / minute)));
  return Array.from({ length: minutes }, (_, index) => {
    const at = last - minutes + 1 + index;
    return byMinute.get(at) ?? { atMs: at * minute, good: 0, bad: 0, health: "unknown" as const };
  });
}

export type HistogramRow = {
  readonly key: number;
  readonly label: string;
  readonly count: number;
  readonly pct: number;
};

/** Bars from the first to the last that has anything, neighbours merged until there are few enough. */
export function histogramRows({ boundsMs, counts }: Histogram, rowsMax = 14): HistogramRow[] {
  const first = counts.findIndex((count) => count > 0);
  if (first < 0) return [];
  const last = counts.findLastIndex((count) => count > 0);
  const step = Math.ceil((last - first + 1) / rowsMax);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const rows: HistogramRow[] = [];
  for (let from = first; from <= last; from += step) {
    const to = Math.min(from + step - 1, last);
    const count = counts.slice(from, to + 1).reduce((sum, each) => sum + each, 0);
    const label = rangeText(boundsMs[from - 1] ?? null, boundsMs[to] ?? null);
    rows.push({ key: from, label, count, pct: (100 * count) / total });
  }
  return rows;
}

function rangeText(lowerMs: number | null, upperMs: number | null): string {
  if (lowerMs === null) return upperMs === null ? "all" : `up to ${formatMs(upperMs)}`;
  return upperMs === null ? `over ${formatMs(lowerMs)}` : `${formatMs(lowerMs)} to ${formatMs(upperMs)}`;
}
