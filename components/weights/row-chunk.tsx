import { type ReactNode, useEffect, useRef, useState } from "react";

type RowChunkProps = {
  readonly label: string;
  readonly isBusy: boolean;
  readonly count: number;
  /** drawn from the first paint on, whether it can be seen or not */
  readonly isAlways: boolean;
  readonly children: () => ReactNode;
};

const rowPx = 46;
const nearPx = 900;

/** A run of rows that is drawn only while it is near the window: with hundreds of rows, each tick and key draws what can be seen. */
export function RowChunk({ label, isBusy, count, isAlways, children }: RowChunkProps) {
  const ref = useRef<HTMLUListElement>(null);
  const [isNear, setNear] = useState(isAlways);
  const heightPx = useRef(count * rowPx);
  useEffect(() => {
    const list = ref.current;
    if (list === null || isAlways) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry === undefined) return;
        if (!entry.isIntersecting) heightPx.current = entry.boundingClientRect.height || heightPx.current;
        // a row that is being edited stays, wherever the page is scrolled
        setNear(entry.isIntersecting || list.contains(document.activeElement));
      },
      { rootMargin: `${nearPx}px 0px` },
    );
    observer.observe(list);
    return () => observer.disconnect();
  }, [isAlways]);
  const isDrawn = isAlways || isNear;
  return (
    <ul ref={ref} aria-label={label} aria-busy={isBusy} style={isDrawn ? undefined : { height: heightPx.current }}>
      {isDrawn ? children() : null}
    </ul>
  );
}

/** Runs of at most `size`, with where each begins. */
export function chunksOf<T>(
  items: readonly T[],
  size: number,
): { readonly from: number; readonly items: readonly T[] }[] {
  const chunks = [];
  for (let from = 0; from < items.length; from += size) chunks.push({ from, items: items.slice(from, from + size) });
  return chunks;
}
