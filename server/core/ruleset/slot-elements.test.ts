import fc from "fast-check";
import { expect, test } from "vitest";
import { SlotElements } from "./slot-elements.ts";

/** Disjoint blocks: every hundred slots one at most. */
const slots = fc
  .uniqueArray(fc.tuple(fc.nat(5), fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 6 })), {
    selector: ([place]) => place,
  })
  .map((blocks) => blocks.map(([place, ids]) => ({ base: place * 100, ids: Uint32Array.from(ids) })));

const hex = (mark: number) => `0x${mark.toString(16).padStart(8, "0")}`;

test("reads as the map of texts that the kernel's listing gives", () => {
  fc.assert(
    fc.property(slots, (blocks) => {
      const elements = new SlotElements(0x51, blocks);
      const plain = new Map(
        blocks.flatMap(({ base, ids }) =>
          Array.from(ids, (id, at) => [hex(0xd1000000 + base + at), hex(0x51000000 + id)] as const),
        ),
      );
      expect(new Map(elements)).toEqual(plain);
      expect([elements.size, [...elements.keys()], [...elements.values()]]).toEqual([
        plain.size,
        [...plain.keys()],
        [...plain.values()],
      ]);
      const seen = new Map<string, string>();
      elements.forEach((data, key) => void seen.set(key, data));
      expect(seen).toEqual(plain);
      for (const key of [...plain.keys(), "0xd1000063", "0x51000001", ""]) {
        expect(elements.get(key)).toBe(plain.get(key));
        expect(elements.has(key)).toBe(plain.has(key));
      }
    }),
  );
});

test("names each slot that changed once, and none where two are alike", () => {
  fc.assert(
    fc.property(slots, slots, (first, second) => {
      const [before, after] = [new SlotElements(0x51, first), new SlotElements(0x51, second)];
      const now = new Map(before);
      const touched: string[] = [];
      const put = (key: string, data: string) => {
        touched.push(key);
        now.set(key, data);
      };
      SlotElements.changes(before, after, {
        moved: put,
        gone(key) {
          touched.push(key);
          now.delete(key);
        },
        come: put,
      });
      expect(now).toEqual(new Map(after));
      expect(new Set(touched).size).toBe(touched.length);
      expect(before.isLike(after)).toBe(touched.length === 0);
    }),
  );
});
