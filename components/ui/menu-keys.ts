/** Where focus goes in a list of entries, and where a floating box stands. Pure. */

/** The entry a key leads to, or null when the key means nothing here. Wraps around; a letter looks for the next label that begins with it. */
export function nextIndex(labels: readonly string[], current: number, key: string): number | null {
  const count = labels.length;
  if (count === 0) return null;
  if (key === "ArrowDown") return (current + 1) % count;
  if (key === "ArrowUp") return (current - 1 + count) % count;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (key.length !== 1 || key === " ") return null;
  for (let step = 1; step <= count; step++) {
    const index = (current + step + count) % count;
    if (labels[index]?.toLowerCase().startsWith(key.toLowerCase())) return index;
  }
  return null;
}

type Box = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
type Size = { readonly width: number; readonly height: number };

/** Under the anchor, right edges aligned when there is no room to the right; above it when there is none below. */
export function floatAt(anchor: Box, size: Size, view: Size, gapPx = 4): { left: number; top: number } {
  const fitsRight = anchor.left + size.width <= view.width - 8;
  const left = Math.max(8, fitsRight ? anchor.left : anchor.right - size.width);
  const below = anchor.bottom + gapPx;
  const top = below + size.height <= view.height - 8 ? below : Math.max(8, anchor.top - gapPx - size.height);
  return { left, top };
}
