import { expect, test } from "vitest";
import { createClockJump, movedAlong } from "./clock-jump.ts";

test("a clock that is set is noticed once, with its sign; one that goes on, or is drawn a little, is not", () => {
  const clock = { wall: 1_000_000, steady: 0 };
  const jumped = createClockJump(
    () => clock.wall,
    () => clock.steady,
  );
  const pass = (wall: number, steady: number) => {
    clock.wall += wall;
    clock.steady += steady;
    return jumped();
  };
  expect([jumped(), pass(1000, 1000), pass(1500, 1000), pass(-3_599_000, 1000), pass(1000, 1000)]).toEqual([
    0, 0, 0, -3_600_000, 0,
  ]);
  expect(pass(61_000, 1000)).toBe(60_000);
});

test("what was noted before the clock was set keeps its age, what was noted since stays, and nothing is in the future", () => {
  expect(movedAlong(990, -500, 510)).toBe(490);
  expect(movedAlong(505, -500, 510)).toBe(505);
  expect(movedAlong(990, 500, 1510)).toBe(1490);
  expect(movedAlong(1505, 500, 1510)).toBe(1510);
});
