import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ratePerS, ratesInto, sumKnown } from "./rates.ts";

describe("rates", () => {
  test("a counter that is smaller than before was reset: the rate is null", () => {
    expect(ratePerS({ atMs: 0, value: 1000 }, { atMs: 1000, value: 3 })).toBeNull();
  });

  test("the first reading has no rate", () => {
    expect(ratePerS(null, { atMs: 1000, value: 3 })).toBeNull();
  });

  test("two readings of the same moment have no rate", () => {
    expect(ratePerS({ atMs: 5, value: 1 }, { atMs: 5, value: 2 })).toBeNull();
  });

  test("an idle counter is zero, not null", () => {
    expect(ratePerS({ atMs: 0, value: 7 }, { atMs: 1000, value: 7 })).toBe(0);
  });

  test("no reading gives a negative rate, and many at once agree with one by one", () => {
    const readings = fc.array(fc.record({ before: fc.nat(), now: fc.nat() }), { maxLength: 50 });
    fc.assert(
      fc.property(readings, fc.integer({ min: 1, max: 10_000 }), (list, elapsedMs) => {
        const out = ratesInto(
          new Float64Array(list.length),
          Float64Array.from(list, (reading) => reading.before),
          Float64Array.from(list, (reading) => reading.now),
          elapsedMs,
        );
        for (const [index, { before, now }] of list.entries()) {
          const one = ratePerS({ atMs: 0, value: before }, { atMs: elapsedMs, value: now });
          const many = out[index] ?? Number.NaN;
          expect(Number.isNaN(many) ? null : many).toBe(one);
          expect(one === null || one >= 0).toBe(true);
        }
      }),
    );
  });

  test("a sum with an unknown part is unknown", () => {
    expect(sumKnown([1, null, 2])).toBeNull();
    expect(sumKnown([1, 0, 2])).toBe(3);
  });
});
