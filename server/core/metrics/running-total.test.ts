import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { advance, emptyTotal, restart } from "./running-total.ts";

const counted = (readings: readonly (number | null)[]) => readings.reduce(advance, emptyTotal());

describe("a running total", () => {
  test("is not known before the first reading", () => {
    expect(advance(emptyTotal(), null).total).toBeNull();
  });

  test("goes on where it was when the kernel's counter begins anew or is gone for a while", () => {
    expect(counted([10, 15, 3, null, 2]).total).toBe(10 + 5 + 3 + 2);
  });

  test("counts nothing twice when a listing or two did not show the counter", () => {
    expect(counted([10, null, null, 12]).total).toBe(12);
  });

  test("of who was never asked is one for all, and nobody's counting is seen by another", () => {
    const [idle, busy] = [counted([0, 0]), counted([0, 7])];
    expect([idle.total, busy.total, counted([null, 0]).total]).toEqual([0, 7, 0]);
    expect(idle).toBe(counted([0]));
    restart(idle);
    restart(busy);
    expect([advance(busy, 5).total, advance(idle, 2).total, emptyTotal().total, counted([0]).total]).toEqual([
      12,
      2,
      null,
      0,
    ]);
  });

  test("never becomes smaller, whatever is read", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(1_000_000))), (readings) => {
        let total = emptyTotal();
        let before = 0;
        for (const reading of readings) {
          total = advance(total, reading);
          expect(total.total ?? 0).toBeGreaterThanOrEqual(before);
          before = total.total ?? 0;
        }
      }),
    );
  });
});
