/** What tests of slot tables ask: who had a slot and who has it, by name. */
import type { Entrant, HashTable } from "./visitor.ts";

export type Table = (entrants: readonly Entrant[], slots: number) => HashTable;

/** Backends of equal weight unless told otherwise, each name with the prefix: another prefix, another table. */
export function entrants(count: number, prefix = "web", weightOf: (at: number) => number = () => 100): Entrant[] {
  return Array.from({ length: count }, (_, at) => ({ name: `${prefix}-${at + 1}`, weight: weightOf(at) }));
}

/** Name of the backend that has each slot. */
export function named(table: Table, of: readonly Entrant[], slots: number): string[] {
  return Array.from(table(of, slots).owners, (at) => of[at]?.name ?? "nobody");
}

export type Moves = {
  /** of all slots, percent */
  readonly pct: number;
  /** slots that changed hands between two backends neither of which is the one in question */
  readonly between: number;
};

export function movesOf(before: readonly string[], after: readonly string[], name: string): Moves {
  const moved = before.flatMap((owner, slot) => (owner === after[slot] ? [] : [[owner, after[slot]]]));
  return {
    pct: (100 * moved.length) / before.length,
    between: moved.filter((pair) => !pair.includes(name)).length,
  };
}
