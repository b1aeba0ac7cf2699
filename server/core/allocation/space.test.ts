import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numberMax } from "./marks.ts";
import { type Block, capacityFor, emptySpace, giveBlock, type SlotSpace, spaceOf, takeBlock } from "./space.ts";

/** Takes a block of 2^n, or gives the n-th of those taken back. */
const steps = fc.array(fc.record({ takes: fc.boolean(), n: fc.nat(9) }), { maxLength: 80 });

function run(list: readonly { takes: boolean; n: number }[]): { space: SlotSpace; used: Block[] } {
  let space = emptySpace;
  const used: Block[] = [];
  for (const { takes, n } of list) {
    if (takes) {
      const taken = takeBlock(space, 2 ** n);
      if (taken === null) throw new Error("full");
      space = taken.space;
      used.push(taken.block);
    } else {
      const [block] = used.splice(n, 1);
      if (block !== undefined) space = giveBlock(space, block);
    }
  }
  return { space, used };
}

function freeBlocks(space: SlotSpace): Block[] {
  return space.free.flatMap((bases, level) => bases.map((base) => ({ base, capacity: 2 ** level })));
}

describe("slot space", () => {
  it("covers everything below its top with used and free blocks, each once and aligned", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { space, used } = run(list);
        const all = [...used, ...freeBlocks(space)].sort((a, b) => a.base - b.base);
        let at = 0;
        for (const { base, capacity } of all) {
          expect(base).toBe(at);
          expect(base % capacity).toBe(0);
          at += capacity;
        }
        expect(at).toBe(space.top);
      }),
    );
  });

  it("merges what is free: no two free blocks are buddies and none ends at the top", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { space } = run(list);
        for (const [level, bases] of space.free.entries())
          for (const base of bases) {
            expect(bases).not.toContain(base ^ (2 ** level));
            expect(base + 2 ** level).not.toBe(space.top);
          }
      }),
    );
  });

  it("is rebuilt from the used blocks alone", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { space, used } = run(list);
        const rebuilt = spaceOf(used);
        expect(rebuilt.top).toBe(space.top);
        expect(freeBlocks(rebuilt)).toEqual(freeBlocks(space));
      }),
    );
  });

  it("is empty again when everything is given back", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { space, used } = run(list);
        const rest = used.reduce(giveBlock, space);
        expect(rest.top).toBe(0);
        expect(freeBlocks(rest)).toEqual([]);
      }),
    );
  });

  it("says so when it is full", () => {
    const almost = spaceOf([{ base: 0, capacity: 2 ** 23 }]);
    expect(takeBlock(almost, 2 ** 23)).toBeNull();
    const taken = takeBlock(almost, 2 ** 22);
    expect(taken?.block.base).toBe(2 ** 23);
    expect((taken?.block.base ?? 0) + 2 ** 22).toBeLessThanOrEqual(numberMax);
  });

  it("sizes blocks to the power of two that holds the slots", () => {
    expect([1, 2, 3, 4, 5, 1000].map(capacityFor)).toEqual([1, 2, 4, 4, 8, 1024]);
  });
});
