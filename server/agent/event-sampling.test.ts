import { expect, test } from "vitest";
import { createEventSampling } from "./event-sampling.ts";

test("too many events halve what is followed at once, calm doubles it only after a while", () => {
  const sampling = createEventSampling();
  expect(sampling.adjust(40_000, false)).toBe(0);
  expect(sampling.adjust(90_000, false)).toBe(1);
  expect(sampling.adjust(45_000, false)).toBe(1);
  const calm = Array.from({ length: 10 }, () => sampling.adjust(1000, false));
  expect(calm).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 0]);
});

test("what is in between keeps the choice, and one busy second begins the wait anew", () => {
  const sampling = createEventSampling();
  sampling.lost();
  for (let second = 0; second < 100; second++) expect(sampling.adjust(second % 9 === 0 ? 30_000 : 100, false)).toBe(1);
});

test("losses and connections that did not fit follow fewer, down to one of 4,096", () => {
  const sampling = createEventSampling();
  expect([sampling.lost(), sampling.adjust(0, true)]).toEqual([1, 2]);
  for (let round = 0; round < 20; round++) sampling.lost();
  expect(sampling.lost()).toBe(12);
});
