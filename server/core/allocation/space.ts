/**
 * Slot space as a buddy system: blocks of power-of-two sizes at multiples of their size, split on take, merged on give. Never changed
 * in place. Invariants: free blocks are disjoint, below `top`, and no two of them are buddies; nothing below `top` ends free at it.
 */
import { numberMax } from "./marks.ts";

export type Block = { readonly base: number; readonly capacity: number };

export type SlotSpace = {
  /** slots at and above have never been taken, or were given back */
  readonly top: number;
  /** sorted bases of free blocks below top, by log2 of their size */
  readonly free: readonly (readonly number[])[];
};

export const emptySpace: SlotSpace = { top: 0, free: [] };

/** The smallest power of two that holds `slots`. */
export function capacityFor(slots: number): number {
  return slots <= 1 ? 1 : 2 ** Math.ceil(Math.log2(slots));
}

/** `capacity` is a power of two. null: the space is full. The smallest free block that fits, the lowest of those. */
export function takeBlock(space: SlotSpace, capacity: number): { space: SlotSpace; block: Block } | null {
  const order = Math.log2(capacity);
  const free = space.free.slice();
  for (let level = order; level < free.length; level++) {
    const [base, ...rest] = free[level] ?? [];
    if (base === undefined) continue;
    free[level] = rest;
    for (let half = level - 1; half >= order; half--) insert(free, half, base + 2 ** half);
    return { space: { top: space.top, free }, block: { base, capacity } };
  }
  return takeAtTop(space.top, free, capacity);
}

export function giveBlock(space: SlotSpace, block: Block): SlotSpace {
  const free = space.free.slice();
  let { base } = block;
  let level = Math.log2(block.capacity);
  for (;;) {
    const buddy = base ^ (2 ** level);
    if (!remove(free, level, buddy)) break;
    base = Math.min(base, buddy);
    level++;
  }
  insert(free, level, base);
  return lowered(space.top, free);
}

/** The space whose used blocks are exactly these (disjoint). */
export function spaceOf(used: readonly Block[]): SlotSpace {
  let space = emptySpace;
  for (const block of [...used].sort((a, b) => a.base - b.base)) {
    const free = space.free.slice();
    fillGap(free, space.top, block.base);
    space = { top: block.base + block.capacity, free };
  }
  return space;
}

function takeAtTop(
  top: number,
  free: (readonly number[])[],
  capacity: number,
): { space: SlotSpace; block: Block } | null {
  const base = Math.ceil(top / capacity) * capacity;
  if (base + capacity - 1 > numberMax) return null;
  fillGap(free, top, base);
  return { space: { top: base + capacity, free }, block: { base, capacity } };
}

/** The gap as the largest aligned blocks; these are never buddies of each other. */
function fillGap(free: (readonly number[])[], from: number, to: number): void {
  let at = from;
  while (at < to) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level++;
    insert(free, level, at);
    at += 2 ** level;
  }
}

/** Free blocks that end at the top are given back to the unused rest. */
function lowered(topIn: number, free: (readonly number[])[]): SlotSpace {
  let top = topIn;
  for (let level = 0; level < free.length; level++) {
    const last = free[level]?.at(-1);
    if (last === undefined || last + 2 ** level !== top) continue;
    free[level] = (free[level] ?? []).slice(0, -1);
    top = last;
    level = -1;
  }
  return { top, free };
}

function insert(free: (readonly number[])[], level: number, base: number): void {
  while (free.length <= level) free.push([]);
  const list = (free[level] ?? []).slice();
  list.splice(place(list, base), 0, base);
  free[level] = list;
}

function remove(free: (readonly number[])[], level: number, base: number): boolean {
  const list = free[level] ?? [];
  const at = place(list, base);
  if (list[at] !== base) return false;
  free[level] = [...list.slice(0, at), ...list.slice(at + 1)];
  return true;
}

/** Index of the first entry that is not below `base`. */
function place(list: readonly number[], base: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] ?? 0) < base) low = middle + 1;
    else high = middle;
  }
  return low;
}
