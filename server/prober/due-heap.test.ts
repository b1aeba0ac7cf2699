import fc from "fast-check";
import { expect, test } from "vitest";
import { createDueHeap } from "./due-heap.ts";

test("whatever is put in comes out in order of time, and nothing before its time", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1000 })), fc.integer({ min: 0, max: 1000 }), (times, now) => {
      const heap = createDueHeap<number>();
      for (const time of times) heap.push(time, time);
      const out: number[] = [];
      for (let item = heap.pop(now); item !== null; item = heap.pop(now)) out.push(item.what);
      expect(out).toEqual(times.filter((time) => time <= now).sort((a, b) => a - b));
      expect(heap.nextMs()).toBe(times.filter((time) => time > now).sort((a, b) => a - b)[0] ?? null);
    }),
  );
});
