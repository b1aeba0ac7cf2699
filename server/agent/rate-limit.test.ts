import { expect, test } from "vitest";
import { createRateLimit } from "./rate-limit.ts";

const rates = { urgentPerS: 100, structuralPerS: 5 };

test("a burst of twice the rate passes, the next is told how long to wait, and after that time one more passes", () => {
  let now = 0;
  const limit = createRateLimit(rates, () => now);
  for (let at = 0; at < 10; at++) expect(limit.take(7, "structural")).toBeNull();
  const waitMs = limit.take(7, "structural");
  expect(waitMs).toBe(200);
  now += 200;
  expect(limit.take(7, "structural")).toBeNull();
  expect(limit.take(7, "structural")).toBe(200);
});

test("urgent changes have a bucket of their own, and so has every uid", () => {
  const limit = createRateLimit(rates, () => 0);
  for (let at = 0; at < 11; at++) limit.take(7, "structural");
  expect(limit.take(7, "structural")).not.toBeNull();
  expect(limit.take(7, "urgent")).toBeNull();
  expect(limit.take(8, "structural")).toBeNull();
});

test("a long pause gives no more than one burst", () => {
  let now = 0;
  const limit = createRateLimit(rates, () => now);
  limit.take(7, "structural");
  now += 3_600_000;
  const taken = Array.from({ length: 20 }, () => limit.take(7, "structural")).filter((wait) => wait === null);
  expect(taken).toHaveLength(10);
});
