import fc from "fast-check";
import { expect, test } from "vitest";
import { FarmMap } from "./farm-map.ts";

const keys = fc.nat(99).map(String);
const changes = fc.array(fc.array(fc.tuple(keys, fc.option(fc.nat(9), { freq: 20 })), { maxLength: 8 }), {
  maxLength: 40,
});

test("holds what a Map holds after the same changes, in its order, and never changes an older one", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(keys, fc.nat(9))), changes, (first, steps) => {
      const plain = new Map(first);
      let map = FarmMap.of<number>(new Map(first));
      const before = { map, entries: [...map] };
      for (const step of steps) {
        const change = new Map(step);
        for (const [key, value] of change) value === null ? plain.delete(key) : plain.set(key, value);
        const last = map;
        map = map.with(change);
        const pairs = map.replacedSince(last);
        const differing = [...map].flatMap(([key, now]) => (last.get(key) === now ? [] : [[last.get(key), now]]));
        if (pairs !== null) expect(pairs.toSorted()).toEqual(differing.toSorted());
        else expect(map.size !== last.size || differing.length > 0 || change.size > 0).toBe(true);
        expect([...map]).toEqual([...plain]);
        expect([map.size, [...map.keys()], [...map.values()]]).toEqual([
          plain.size,
          [...plain.keys()],
          [...plain.values()],
        ]);
        for (const key of ["0", "7", "50", "none"])
          expect([map.get(key), map.has(key)]).toEqual([plain.get(key), plain.has(key)]);
      }
      const seen = new Map<string, number>();
      map.forEach((value, key) => void seen.set(key, value));
      expect([...seen]).toEqual([...plain]);
      expect([...before.map]).toEqual(before.entries);
    }),
  );
});

test("tells what was replaced without looking through the others, also from the plain map it began with", () => {
  const first = new Map([
    ["a", 1],
    ["b", 2],
  ]);
  const one = FarmMap.of(first).with(new Map([["a", 7]]));
  expect(one.replacedSince(first)).toEqual([[1, 7]]);
  expect(FarmMap.of(first).replacedSince(one)).toEqual([[7, 1]]);
  expect(one.with(new Map([["b", null]])).replacedSince(one)).toBe(null);
});
