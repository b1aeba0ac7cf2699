/** Counters of one map or set straight from the kernel, a piece at a time, so that a change never waits for more than one piece. */
import { idOfMark } from "../core/allocation/marks.ts";
import { CounterTable } from "./counter-table.ts";
import { generationOf, readElements } from "./element-dump.ts";
import type { Netlink } from "./netlink.ts";

export type CounterDumpDeps = {
  readonly netlink: Pick<Netlink, "beginElements" | "nextElements" | "dropElements">;
  readonly tag: number;
  readonly pause: () => Promise<void>;
  /** some two milliseconds in which nothing is asked */
  readonly rest: () => Promise<void>;
  /** between these two generations (low 16 bits) no counted element came or went */
  readonly isHarmless: (from: number, to: number) => boolean;
};

/**
 * Overtaken by a transaction: the kernel goes on by counting elements, so as many as were deleted before its place are left out. To who
 * adds up counters they would have begun anew; a second listing has them.
 */
type Read = { readonly counters: CounterTable; readonly isOvertaken: boolean };

/** more than the largest set has: an endless listing ends */
const piecesMax = 10_000;
/** so many of a listing rest: one after the other they would take a core, and who changes something then waits for it */
const restedMax = 40;

/** null: the kernel does not say; then nft is asked. One listing at a time, in the order of asking. */
export function createCounterDump({ netlink, tag, pause, rest, isHarmless }: CounterDumpDeps) {
  let last: Promise<unknown> = Promise.resolve();

  async function dump(table: string, set: string): Promise<CounterTable | null> {
    const first = await once(table, set);
    if (first === null || !first.isOvertaken) return first?.counters ?? null;
    const second = await once(table, set);
    if (second === null) return null;
    first.counters.add(second.counters);
    return first.counters;
  }

  async function once(table: string, set: string): Promise<Read | null> {
    let found: Read | null = null;
    try {
      found = await read(table, set);
      return found;
    } finally {
      if (found === null) netlink.dropElements();
    }
  }

  async function read(table: string, set: string): Promise<Read | null> {
    const sequence = netlink.beginElements(table, set);
    if (sequence === null) return null;
    const counters = new CounterTable();
    let generation: number | null = null;
    let isOvertaken = false;
    for (let pieces = 1; pieces <= piecesMax; pieces++) {
      const piece = netlink.nextElements();
      if (piece === null) return null;
      const state = readElements(piece, sequence, (mark, packets, bytes) => {
        const id = idOfMark(tag, mark);
        if (id !== null) counters.set(id, packets, bytes);
      });
      const now = generationOf(piece);
      isOvertaken ||= generation !== null && now !== null && !isHarmless(generation, now);
      generation = now ?? generation;
      if (state === "end") return { counters, isOvertaken };
      if (state === "failed") return null;
      // about 32 KB, some 400 elements: the kernel takes a millisecond for them, since it counts to their place from the start each time
      if (pieces <= restedMax) await rest();
      // last: a change that began while it rested goes first
      await pause();
    }
    return null;
  }

  return (table: string, set: string): Promise<CounterTable | null> => {
    const mine = last.then(() => dump(table, set));
    last = mine.catch(() => undefined);
    return mine;
  };
}
