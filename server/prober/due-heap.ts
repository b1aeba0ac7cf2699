/** What is due next, by time. An item that was overtaken by a newer time of the same thing is left in place and skipped by its owner. */
type Due<T> = { readonly atMs: number; readonly what: T };

export type DueHeap<T> = {
  push(atMs: number, what: T): void;
  /** the earliest, when it is due by then */
  pop(nowMs: number): Due<T> | null;
  nextMs(): number | null;
};

export function createDueHeap<T>(): DueHeap<T> {
  const items: Due<T>[] = [];
  return {
    push(atMs, what) {
      items.push({ atMs, what });
      siftUp(items, items.length - 1);
    },
    pop(nowMs) {
      const [first] = items;
      if (first === undefined || first.atMs > nowMs) return null;
      const last = items.pop();
      if (last !== undefined && items.length > 0) {
        items[0] = last;
        siftDown(items);
      }
      return first;
    },
    nextMs: () => items[0]?.atMs ?? null,
  };
}

function siftUp<T>(items: Due<T>[], from: number): void {
  let at = from;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (timeAt(items, parent) <= timeAt(items, at)) return;
    swap(items, at, parent);
    at = parent;
  }
}

function siftDown<T>(items: Due<T>[]): void {
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const least = timeAt(items, left + 1) < timeAt(items, left) ? left + 1 : left;
    if (timeAt(items, at) <= timeAt(items, least)) return;
    swap(items, at, least);
    at = least;
  }
}

function timeAt<T>(items: readonly Due<T>[], at: number): number {
  return items[at]?.atMs ?? Number.POSITIVE_INFINITY;
}

function swap<T>(items: Due<T>[], a: number, b: number): void {
  const [first, second] = [items[a], items[b]];
  if (first === undefined || second === undefined) return;
  items[a] = second;
  items[b] = first;
}
