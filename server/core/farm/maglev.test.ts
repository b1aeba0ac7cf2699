import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maglevTable } from "./maglev.ts";
import { entrants, movesOf, named } from "./visitor.testing.ts";

const weights = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 20 });

describe("a Maglev table", () => {
  it("gives each backend its share to within a slot, and never none", () => {
    fc.assert(
      fc.property(weights, fc.constantFrom(509, 1021, 4093), (all, slots) => {
        const sum = all.reduce((a, b) => a + b);
        const { owners, counts } = maglevTable(
          entrants(all.length, "web", (at) => all[at] ?? 1),
          slots,
        );
        // whose share is below a slot gets one of the largest's
        const lent = all.filter((weight) => (slots * weight) / sum < 1).length;
        for (const [at, count] of counts.entries()) {
          expect(count).toBe(owners.filter((owner) => owner === at).length);
          expect(Math.abs(count - (slots * (all[at] ?? 0)) / sum)).toBeLessThanOrEqual(1 + lent);
          expect(count).toBeGreaterThanOrEqual(1);
        }
      }),
    );
  });

  it("is the same in whatever order the backends stand", () => {
    fc.assert(
      fc.property(weights, (all) => {
        const team = entrants(all.length, "web", (at) => all[at] ?? 1);
        expect(named(maglevTable, team.toReversed(), 509)).toEqual(named(maglevTable, team, 509));
      }),
    );
  });

  it.each([4093, 8191, 65_521])(
    "of %d slots moves at most 12 percent of clients when one of ten backends goes",
    (slots) => {
      const farms = slots > 10_000 ? 3 : 20;
      for (let farm = 0; farm < farms; farm++) {
        const team = entrants(10, `farm-${farm}-web`);
        const before = named(maglevTable, team, slots);
        for (const { name } of team) {
          const rest = team.filter((each) => each.name !== name);
          expect(movesOf(before, named(maglevTable, rest, slots), name).pct).toBeLessThanOrEqual(12);
        }
      }
    },
  );

  it("moves little more than the change in share when a weight changes", () => {
    const before = named(maglevTable, entrants(10), 4093);
    const after = named(
      maglevTable,
      entrants(10, "web", (at) => (at === 3 ? 50 : 100)),
      4093,
    );
    // web-4 falls from 10 % to 5.26 %
    expect(movesOf(before, after, "web-4").pct).toBeLessThan(6);
  });

  it("is the table of earlier versions: two balancers of different versions must agree", () => {
    const { owners, counts } = maglevTable(
      entrants(4, "web", (at) => 25 * (at + 1)),
      1021,
    );
    expect([counts, [...owners.slice(0, 24)].join(" ")]).toMatchInlineSnapshot(`
      [
        [
          102,
          204,
          306,
          409,
        ],
        "3 2 3 1 3 1 3 3 3 0 2 0 2 2 3 2 3 1 2 2 2 2 0 3",
      ]
    `);
  });
});
