/**
 * Counters by number (the kernel's of a backend) in pages of plain numbers. Tens of thousands are read and looked up each second: an object
 * for each would cost more to keep and to throw away than its counter costs to read.
 */
import type { Counter } from "../core/ruleset/listing.ts";

/** small, since numbers count upward and are never given again: those in use may lie far apart */
const pageIds = 32;
const pageBits = 5;

export class CounterTable {
  /** packets and bytes of each number in turn; NaN = not there */
  readonly #pages = new Map<number, Float64Array>();

  static of(entries: Iterable<readonly [number, Counter]>): CounterTable {
    const table = new CounterTable();
    for (const [id, { packets, bytes }] of entries) table.set(id, packets, bytes);
    return table;
  }

  set(id: number, packets: number, bytes: number): void {
    const page = this.#pages.get(id >> pageBits) ?? this.#add(id >> pageBits);
    const at = (id & (pageIds - 1)) * 2;
    page[at] = packets;
    page[at + 1] = bytes;
  }

  /** null = not there */
  packets(id: number): number | null {
    return known(this.#pages.get(id >> pageBits)?.[(id & (pageIds - 1)) * 2]);
  }

  /** null = not there */
  bytes(id: number): number | null {
    return known(this.#pages.get(id >> pageBits)?.[(id & (pageIds - 1)) * 2 + 1]);
  }

  /** Everything that another one has, over what is here. */
  add(other: CounterTable): void {
    for (const [number, from] of other.#pages) {
      const page = this.#pages.get(number) ?? this.#add(number);
      for (let at = 0; at < from.length; at++) if (!Number.isNaN(from[at])) page[at] = from[at] ?? Number.NaN;
    }
  }

  /** Something counted fewer packets than before: the kernel began anew. */
  hasFallen(before: CounterTable): boolean {
    for (const [number, page] of this.#pages) {
      const older = before.#pages.get(number);
      for (let at = 0; older !== undefined && at < page.length; at += 2)
        if ((page[at] ?? Number.NaN) < (older[at] ?? Number.NaN)) return true;
    }
    return false;
  }

  #add(number: number): Float64Array {
    const page = new Float64Array(pageIds * 2).fill(Number.NaN);
    this.#pages.set(number, page);
    return page;
  }
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
