import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rendezvousTable } from "./rendezvous.ts";
import { entrants, movesOf, named } from "./visitor.testing.ts";
import type { Entrant } from "./visitor.ts";

const slots = 1024;

/** 2 to 16 names, weights no further apart than 10:1, so that no backend is below one slot of its own. */
const teams = fc
  .uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 2, maxLength: 16 })
  .chain((names) =>
    fc
      .array(fc.integer({ min: 100, max: 1000 }), { minLength: names.length, maxLength: names.length })
      .map((weights) => names.map((name, at): Entrant => ({ name, weight: weights[at] ?? 1 }))),
  );

describe("a rendezvous table", () => {
  it("gives every slot to somebody and counts right", () => {
    fc.assert(
      fc.property(teams, (team) => {
        const { owners, counts } = rendezvousTable(team, slots);
        const real = team.map((_, at) => owners.filter((owner) => owner === at).length);
        expect(counts).toEqual(real);
        expect(counts.reduce((a, b) => a + b)).toBe(slots);
      }),
    );
  });

  it("is the same in whatever order the backends stand", () => {
    fc.assert(
      fc.property(teams, (team) => {
        expect(named(rendezvousTable, team.toReversed(), slots)).toEqual(named(rendezvousTable, team, slots));
      }),
    );
  });

  it("without a backend hands on its slots and moves no other; with it back it is as before", () => {
    fc.assert(
      fc.property(teams, fc.nat(), (team, pick) => {
        const gone = team[pick % team.length]?.name ?? "";
        const before = named(rendezvousTable, team, slots);
        const rest = team.filter(({ name }) => name !== gone);
        const after = named(rendezvousTable, rest, slots);
        for (const [slot, owner] of before.entries()) if (owner !== gone) expect(after[slot]).toBe(owner);
        expect(after).not.toContain(gone);
      }),
    );
  });

  it("with another weight moves slots only to that backend, or only from it", () => {
    fc.assert(
      fc.property(teams, fc.nat(), fc.integer({ min: 100, max: 1000 }), (team, pick, weight) => {
        const at = pick % team.length;
        const changed = team[at];
        if (changed === undefined) return;
        const other = team.map((each) => (each === changed ? { ...changed, weight } : each));
        const [before, after] = [named(rendezvousTable, team, slots), named(rendezvousTable, other, slots)];
        const { between, pct } = movesOf(before, after, changed.name);
        expect(between).toBe(0);
        const own = (table: readonly string[]) => table.filter((name) => name === changed.name).length;
        expect(pct).toBeCloseTo((100 * Math.abs(own(after) - own(before))) / slots, 6);
      }),
    );
  });

  it("gives shares by weight: exact in the mean over many farms, within chance in each", () => {
    const weights = [3, 2, 1];
    const farms = 300;
    const sums = [0, 0, 0];
    for (let farm = 0; farm < farms; farm++) {
      const { counts } = rendezvousTable(
        entrants(3, `farm-${farm}`, (at) => weights[at] ?? 1),
        slots,
      );
      for (const [at, count] of counts.entries()) {
        sums[at] = (sums[at] ?? 0) + count;
        const share = (weights[at] ?? 0) / 6;
        // five standard deviations: once in two million
        expect(Math.abs(count - slots * share)).toBeLessThan(5 * Math.sqrt(slots * share * (1 - share)));
      }
    }
    for (const [at, sum] of sums.entries()) expect((6 * sum) / (slots * farms)).toBeCloseTo(weights[at] ?? 0, 1);
  });

  it("leaves nobody with a weight without a slot, however small the weight", () => {
    const many = entrants(1000, "web", (at) => (at === 0 ? 1 : 1000));
    const { counts } = rendezvousTable(many, 65_536);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
    expect(rendezvousTable([{ name: "a", weight: 1 }], slots).counts).toEqual([slots]);
  });

  it("is the table of earlier versions: two balancers of different versions must agree", () => {
    const { owners, counts } = rendezvousTable(
      entrants(4, "web", (at) => 25 * (at + 1)),
      slots,
    );
    expect([counts, [...owners.slice(0, 24)].join(" ")]).toMatchInlineSnapshot(`
      [
        [
          99,
          200,
          301,
          424,
        ],
        "3 2 3 2 3 1 3 3 3 0 2 0 2 2 3 2 3 1 2 2 2 2 0 3",
      ]
    `);
  });
});
