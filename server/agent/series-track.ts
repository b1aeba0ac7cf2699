/**
 * One field of a farm's members over a ring of moments, as 16 bit codes (core/metrics/minutes.ts). What was never known takes no memory,
 * what stands still takes one row, and only what moves takes the ring: of thousands of backends most say the same each second.
 * A moment is named by its index: how many were written before it. Every moment of the ring is written, in order, once.
 */
import { decodeCode, unknownCode } from "../core/metrics/minutes.ts";

export class SeriesTrack {
  readonly width: number;
  /** moments of the ring */
  #length: number;
  /** a row of every moment of the ring; null while all since `#since` are `#row` */
  #ring: Uint16Array | null = null;
  /** the newest row; null = nothing was known yet */
  #row: Uint16Array | null = null;
  /** of the first moment that was as `#row`; before it nothing was known, or the ring says what was */
  #since = 0;

  constructor(width: number, length: number) {
    this.width = width;
    this.#length = length;
  }

  /** The next moment; `row` is copied. */
  write(index: number, row: Uint16Array): void {
    if (this.#row === null) {
      if (isUnknown(row)) return;
      this.#row = row.slice();
      this.#since = index;
    } else if (!isEqual(this.#row, row)) {
      this.#ring ??= this.#spread(index);
      this.#row.set(row);
      this.#since = index;
    }
    if (this.#ring === null) return;
    this.#ring.set(row, (index % this.#length) * this.width);
    this.#rest(index);
  }

  /** The next moment is as the one before. */
  repeat(index: number): void {
    if (this.#ring === null || this.#row === null) return;
    this.#ring.set(this.#row, (index % this.#length) * this.width);
    this.#rest(index);
  }

  /** NaN = not known. */
  at(index: number, member: number): number {
    return decodeCode(this.#code(index, member));
  }

  /** All moments from this one on are the same: one of them tells of all. */
  isStillSince(index: number): boolean {
    return this.#row === null || this.#since <= index;
  }

  /** The same field in a ring of another length; `count` moments were written. The newest stay. */
  resize(length: number, count: number): void {
    const old = this.#ring;
    if (old !== null && this.#row !== null) {
      const made = new Uint16Array(length * this.width).fill(unknownCode);
      for (let index = Math.max(0, count - Math.min(length, this.#length)); index < count; index++) {
        const from = (index % this.#length) * this.width;
        made.set(old.subarray(from, from + this.width), (index % length) * this.width);
      }
      this.#ring = count - this.#since >= length ? null : made;
    }
    this.#length = length;
  }

  /** The same field of other members: `from[member]` is its place here, -1 = it was none. */
  rearranged(from: readonly number[]): SeriesTrack {
    const made = new SeriesTrack(from.length, this.#length);
    made.#since = this.#since;
    made.#row = this.#row === null ? null : picked(this.#row, 1, this.width, from);
    made.#ring = this.#ring === null ? null : picked(this.#ring, this.#length, this.width, from);
    return made;
  }

  /** Memory that it holds now. */
  bytes(): number {
    return (this.#ring?.byteLength ?? 0) + (this.#row?.byteLength ?? 0);
  }

  #code(index: number, member: number): number {
    if (this.#ring !== null) return this.#ring[(index % this.#length) * this.width + member] ?? unknownCode;
    return index < this.#since ? unknownCode : (this.#row?.[member] ?? unknownCode);
  }

  /** What stood still for a whole ring takes one row again. */
  #rest(index: number): void {
    if (index - this.#since + 1 >= this.#length) this.#ring = null;
  }

  /** The ring of what stood still until now. */
  #spread(count: number): Uint16Array {
    const ring = new Uint16Array(this.#length * this.width).fill(unknownCode);
    for (let index = Math.max(this.#since, count - this.#length); index < count; index++)
      ring.set(this.#row ?? [], (index % this.#length) * this.width);
    return ring;
  }
}

function isUnknown(row: Uint16Array): boolean {
  for (let at = 0; at < row.length; at++) if (row[at] !== unknownCode) return false;
  return true;
}

function isEqual(a: Uint16Array, b: Uint16Array): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

function picked(codes: Uint16Array, rows: number, width: number, from: readonly number[]): Uint16Array {
  const made = new Uint16Array(rows * from.length).fill(unknownCode);
  for (let row = 0; row < rows; row++)
    for (const [to, was] of from.entries())
      if (was >= 0) made[row * from.length + to] = codes[row * width + was] ?? unknownCode;
  return made;
}
