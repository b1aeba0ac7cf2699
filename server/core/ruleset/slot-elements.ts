/**
 * A farm's slots as numbers: blocks of kernel ids. What reads elements as text sees an ordinary map, key and data made as they are
 * asked for; the difference of two compares numbers. Slots are nearly all elements there are, and where weights move each second
 * most of what changes. Never changed in place. Invariant: blocks are disjoint.
 */
import { idMark, markText, slotMark, slotOfMark } from "../allocation/marks.ts";

/** `ids[at]`: whose slot `base + at` is. */
export type SlotIds = { readonly base: number; readonly ids: Uint32Array };

export class SlotElements implements ReadonlyMap<string, string> {
  readonly size: number;
  readonly #tag: number;
  readonly #blocks: readonly SlotIds[];

  constructor(tag: number, blocks: readonly SlotIds[]) {
    this.#tag = tag;
    this.#blocks = blocks.filter(({ ids }) => ids.length > 0);
    this.size = this.#blocks.reduce((sum, { ids }) => sum + ids.length, 0);
  }

  /** The same slots lead to the same ids. */
  isLike(other: SlotElements): boolean {
    if (other.#tag !== this.#tag || other.#blocks.length !== this.#blocks.length) return false;
    return this.#blocks.every(({ base, ids }, at) => {
      const theirs = other.#blocks[at];
      return theirs?.base === base && isEqual(ids, theirs.ids);
    });
  }

  get(key: string): string | undefined {
    const slot = slotOfMark(this.#tag, Number(key));
    const block = this.#blocks.find(({ base, ids }) => slot !== null && slot >= base && slot < base + ids.length);
    if (slot === null || block === undefined) return undefined;
    return this.#data(block.ids[slot - block.base] ?? 0);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  *entries(): MapIterator<[string, string]> {
    for (const { base, ids } of this.#blocks)
      for (const [at, id] of ids.entries()) yield [this.#key(base + at), this.#data(id)];
  }

  *keys(): MapIterator<string> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): MapIterator<string> {
    for (const { ids } of this.#blocks) for (const id of ids) yield this.#data(id);
  }

  [Symbol.iterator](): MapIterator<[string, string]> {
    return this.entries();
  }

  forEach(visit: (data: string, key: string, map: ReadonlyMap<string, string>) => void): void {
    for (const [key, data] of this.entries()) visit(data, key, this);
  }

  /** From `before` to `after`: slots that lead to another id, that are there no more, and that are new. */
  static changes(before: SlotElements, after: SlotElements, { moved, gone, come }: Record<Change, Visit>): void {
    for (const { base, ids } of before.#blocks) {
      const now = after.#blockAt(base)?.ids ?? nobody;
      if (isEqual(ids, now)) continue;
      const common = Math.min(ids.length, now.length);
      for (let at = 0; at < common; at++) {
        const id = now[at] ?? 0;
        if (id !== ids[at]) moved(after.#key(base + at), after.#data(id));
      }
      for (let at = common; at < ids.length; at++) gone(before.#key(base + at), before.#data(ids[at] ?? 0));
    }
    for (const { base, ids } of after.#blocks) {
      const from = before.#blockAt(base)?.ids.length ?? 0;
      for (let at = from; at < ids.length; at++) come(after.#key(base + at), after.#data(ids[at] ?? 0));
    }
  }

  #blockAt(base: number): SlotIds | undefined {
    return this.#blocks.find((block) => block.base === base);
  }

  #key(slot: number): string {
    return markText(slotMark(this.#tag, slot));
  }

  #data(id: number): string {
    return markText(idMark(this.#tag, id));
  }
}

type Change = "moved" | "gone" | "come";
type Visit = (key: string, data: string) => void;

const nobody = new Uint32Array(0);

function isEqual(a: Uint32Array, b: Uint32Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
