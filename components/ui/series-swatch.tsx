/** A backend's colour and hatch, bound to its place in the farm: the same in table, slider, bar and line. */

export const seriesMax = 8;

/** "1".."8", or "other" for everything after the eighth. */
export function seriesKey(index: number): string {
  return index >= 0 && index < seriesMax ? String(index + 1) : "other";
}

export function SeriesSwatch({ index }: { readonly index: number }) {
  return <span aria-hidden className="sw" data-s={seriesKey(index)} />;
}
