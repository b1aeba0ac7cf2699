/** A moment on a chart in the reader's time, as exact as the range needs. Pure. */
import { formatClock, formatDateTime } from "@/components/ui/numbers.ts";

type Span = { readonly fromMs: number; readonly toMs: number };

const clockMaxMs = 7 * 3600_000;
const hoursMaxMs = 48 * 3600_000;

/** Within hours the clock tells enough; over a day the date belongs to it. */
export function isLong({ fromMs, toMs }: Span): boolean {
  return toMs - fromMs > clockMaxMs;
}

/** 14:03:02, or 2026-03-01 14:03. */
export function momentText(atMs: number, span: Span): string {
  return isLong(span) ? formatDateTime(atMs).slice(0, 16) : formatClock(atMs);
}

/** Under the axis: 14:03:02, 14:03, or 03-01. */
export function tickText(atMs: number, { fromMs, toMs }: Span): string {
  const spanMs = toMs - fromMs;
  if (spanMs > hoursMaxMs) return formatDateTime(atMs).slice(5, 10);
  return formatClock(atMs).slice(0, spanMs > 400_000 ? 5 : 8);
}
