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
    for (const reading of [10, 15, 3, null, 2]) advance(total, reading);
    expect(total.total).toBe(10 + 5 + 3 + 2);
  });

  test("counts nothing twice when a listing or two did not show the counter", () => {
    const total = emptyTotal();
    for (const reading of [10, null, null, 12]) advance(total, reading);
    expect(total.total).toBe(12);
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
