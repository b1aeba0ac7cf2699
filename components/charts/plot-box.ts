/** Where the drawing area lies inside a plot, in pixels: shared by what draws and by what is laid over it. Pure. */

export const plotBox = {
  margin: { top: 16, right: 8, bottom: 0, left: 0 },
  yAxisPx: 42,
  axisPx: 20,
} as const;

type Span = { readonly fromMs: number; readonly toMs: number };

/** 0..100 % of the drawing area's width. */
export function percentOf(span: Span, ms: number): number {
  return span.toMs <= span.fromMs ? 0 : (100 * (ms - span.fromMs)) / (span.toMs - span.fromMs);
}

/** The moment under a pixel, kept inside the range. */
export function momentAt(span: Span, xPx: number, widthPx: number): number {
  const share = widthPx <= 0 ? 0 : Math.min(1, Math.max(0, xPx / widthPx));
  return span.fromMs + share * (span.toMs - span.fromMs);
}
