/**
 * What tables of slots are made from: every backend visits slots in a pseudo-random sequence of its own, which follows from its name
 * alone, never from its place in the document or from what was before; so every balancer makes the same table.
 */
import { hashText, mix } from "./name-hash.ts";

export type Entrant = {
  /** unique among the entrants */
  readonly name: string;
  /** above 0 */
  readonly weight: number;
};

/** `owners[slot]` is an index into the entrants; `counts` the slots of each, at least 1. */
export type HashTable = { readonly owners: Uint16Array; readonly counts: readonly number[] };

/** In `owners` while a slot has none. There are at most 1,000 entrants, so it is no index. */
export const unowned = 0xffff;

export type Visitor = {
  /** index of the entrant */
  readonly at: number;
  readonly weight: number;
  /** where the sequence starts and how it steps: two hashes, so that names which share one still differ */
  readonly start: number;
  readonly step: number;
  /** 0..1: two of one weight are not at their visits at the same moments */
  readonly phase: number;
};

/** Sorted by name. */
export function visitorsOf(entrants: readonly Entrant[]): Visitor[] {
  const sorted = entrants.map(({ name, weight }, at) => ({ name, weight, at }));
  sorted.sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.map(({ name, weight, at }) => {
    if (weight <= 0) throw new Error("an entrant without weight");
    const [start, step, phase] = [hashText(name, 1), hashText(name, 2) | 1, hashText(name, 3) / 2 ** 32];
    return { at, weight, start, step, phase };
  });
}

/** Comes to every slot sooner or later: the steps go through all 32-bit numbers. */
export function slotOfVisit({ start, step }: Pick<Visitor, "start" | "step">, visit: number, slots: number): number {
  return ((mix(start + Math.imul(visit, step)) * slots) / 2 ** 32) | 0;
}

/**
 * Counts the slots, and gives one to each visitor that got none: the first it comes to whose owner has another. Changes `owners`.
 */
export function settled(owners: Uint16Array, visitors: readonly Visitor[]): HashTable {
  if (visitors.length > owners.length) throw new Error("fewer slots than backends that serve");
  const counts = visitors.map(() => 0);
  for (const owner of owners) counts[owner] = (counts[owner] ?? 0) + 1;
  for (const visitor of visitors) {
    if (counts[visitor.at] !== 0) continue;
    const slot = lentSlot(owners, counts, visitor);
    const lender = owners[slot] ?? 0;
    counts[lender] = (counts[lender] ?? 0) - 1;
    counts[visitor.at] = 1;
    owners[slot] = visitor.at;
  }
  return { owners, counts };
}

function lentSlot(owners: Uint16Array, counts: readonly number[], visitor: Visitor): number {
  for (let visit = 0; ; visit++) {
    const slot = slotOfVisit(visitor, visit, owners.length);
    if ((counts[owners[slot] ?? 0] ?? 0) > 1) return slot;
  }
}
