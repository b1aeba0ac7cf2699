/**
 * A map of thousands of entries of which a change replaces one: `with` shares all the others, so that it costs what it replaces and not
 * what there is. Never changed in place. Entries stay where they are in the order; what is new comes last.
 */

/** so many replaced entries are looked up beside the rest before all is one map again */
const replacedMax = 64;

export class FarmMap<V> implements ReadonlyMap<string, V> {
  readonly size: number;
  readonly #base: ReadonlyMap<string, V>;
  /** keys of the base with other values */
  readonly #replaced: ReadonlyMap<string, V>;

  private constructor(base: ReadonlyMap<string, V>, replaced: ReadonlyMap<string, V>) {
    this.#base = base;
    this.#replaced = replaced;
    this.size = base.size;
  }

  /** `map` must not change any more. */
  static of<V>(map: ReadonlyMap<string, V>): FarmMap<V> {
    return map instanceof FarmMap ? map : new FarmMap<V>(map, new Map());
  }

  /** null takes an entry away. */
  with(changes: ReadonlyMap<string, V | null>): FarmMap<V> {
    const isReplacing = Array.from(changes).every(([key, value]) => value !== null && this.#base.has(key));
    if (isReplacing && this.#replaced.size + changes.size <= replacedMax) {
      const replaced = new Map(this.#replaced);
      for (const [key, value] of changes) if (value !== null) replaced.set(key, value);
      return new FarmMap(this.#base, replaced);
    }
    const all = new Map(this);
    for (const [key, value] of changes) {
      if (value === null) all.delete(key);
      else all.set(key, value);
    }
    return new FarmMap(all, new Map());
  }

  /** What entries were and are where they differ, if both have the same keys and differ in a few; null = not known so cheaply. */
  replacedSince(before: ReadonlyMap<string, V>): (readonly [V, V])[] | null {
    const was = FarmMap.of(before);
    if (was.#base !== this.#base) return null;
    const pairs: (readonly [V, V])[] = [];
    for (const key of new Set([...was.#replaced.keys(), ...this.#replaced.keys()])) {
      const [old, now] = [was.get(key), this.get(key)];
      if (old !== undefined && now !== undefined && old !== now) pairs.push([old, now]);
    }
    return pairs;
  }

  get(key: string): V | undefined {
    return this.#replaced.get(key) ?? this.#base.get(key);
  }

  has(key: string): boolean {
    return this.#base.has(key);
  }

  entries(): MapIterator<[string, V]> {
    return this.#replaced.size === 0 ? this.#base.entries() : this.#overlaid();
  }

  *#overlaid(): MapIterator<[string, V]> {
    for (const [key, value] of this.#base) yield [key, this.#replaced.get(key) ?? value];
  }

  /** By a list of them: what goes through all of thousands is often asked for. */
  values(): MapIterator<V> {
    if (this.#replaced.size === 0) return this.#base.values();
    const all = new Array<V>(this.size);
    let at = 0;
    this.#base.forEach((value, key) => {
      all[at++] = this.#replaced.get(key) ?? value;
    });
    return all.values();
  }

  keys(): MapIterator<string> {
    return this.#base.keys();
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  forEach(visit: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }
}
