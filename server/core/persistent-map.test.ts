import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PersistentMap } from "./persistent-map.ts";

const steps = fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.option(fc.integer())), { maxLength: 60 });

function applied(start: PersistentMap<number>, list: readonly (readonly [string, number | null])[]) {
  return list.reduce((map, [key, value]) => (value === null ? map.without(key) : map.with(key, value)), start);
}

describe("PersistentMap", () => {
  it("holds what a Map holds after the same steps", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const plain = new Map<string, number>();
        for (const [key, value] of list) value === null ? plain.delete(key) : plain.set(key, value);
        const map = applied(PersistentMap.empty(), list);
        expect(new Map(map.entries())).toEqual(plain);
        expect(map.size).toBe(plain.size);
        expect([...map.keys()].sort()).toEqual([...plain.keys()].sort());
        expect([...map.values()].sort()).toEqual([...plain.values()].sort());
        expect(PersistentMap.from(plain).size).toBe(plain.size);
      }),
    );
  });

  it("takes many changes at once as one after the other", () => {
    fc.assert(
      fc.property(steps, steps, (first, second) => {
        const before = applied(PersistentMap.empty(), first);
        const after = before.withAll(second.map(([key, value]) => [key, value ?? undefined]));
        const expected = applied(before, second);
        expect(new Map(after.entries())).toEqual(new Map(expected.entries()));
        expect(after.size).toBe(expected.size);
        expect([...before.entries()]).toEqual([...applied(PersistentMap.empty<number>(), first).entries()]);
      }),
    );
  });

  it("never changes an older generation", () => {
    fc.assert(
      fc.property(steps, steps, (first, second) => {
        const before = applied(PersistentMap.empty(), first);
        const seen = [...before.entries()];
        applied(before, second);
        expect([...before.entries()]).toEqual(seen);
      }),
    );
  });

  it("names exactly the keys that changed between two generations", () => {
    fc.assert(
      fc.property(steps, steps, (first, second) => {
        const before = applied(PersistentMap.empty(), first);
        const after = applied(before, second);
        const changes = after.changedSince(before);
        const keys = new Set([...before.keys(), ...after.keys()]);
        const expected = [...keys].filter((key) => before.get(key) !== after.get(key)).sort();
        expect(changes.map(({ key }) => key)).toEqual(expected);
        for (const { key, before: was, after: is } of changes) {
          expect(was).toBe(before.get(key));
          expect(is).toBe(after.get(key));
        }
      }),
    );
  });

  it("stays the same reference when nothing changes", () => {
    const map = PersistentMap.from([["a", 1]]);
    expect(map.with("a", 1)).toBe(map);
    expect(map.without("b")).toBe(map);
    expect(map.withAll([["a", 1]])).toBe(map);
  });
});
