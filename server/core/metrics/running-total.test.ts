import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { advance, emptyTotal } from "./running-total.ts";

describe("a running total", () => {
  test("is not known before the first reading", () => {
    const total = emptyTotal();
    advance(total, null);
    expect(total.total).toBeNull();
  });

  test("goes on where it was when the kernel's counter begins anew or is gone for a while", () => {
    const total = emptyTotal();
    for (const reading of [10, 15, 3, null, 20]) advance(total, reading);
    expect(total.total).toBe(10 + 5 + 3 + 20);
  });

  test("never becomes smaller, whatever is read", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(1_000_000))), (readings) => {
        const total = emptyTotal();
        let before = 0;
        for (const reading of readings) {
          advance(total, reading);
          expect(total.total ?? 0).toBeGreaterThanOrEqual(before);
          before = total.total ?? 0;
        }
      }),
    );
  });
});
