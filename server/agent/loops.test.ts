import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Loop, startLoop } from "./loops.ts";

const everyMs = 10_000;
let loop: Loop;
let rounds: number;
/** ends the round that runs */
let finish: () => void;

beforeEach(async () => {
  vi.useFakeTimers();
  rounds = 0;
  loop = startLoop({
    name: "test",
    everyMs: () => everyMs,
    round: () => {
      rounds++;
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    },
    onError: () => undefined,
    monotonicMs: () => Date.now(),
  });
  await vi.advanceTimersByTimeAsync(0);
});
afterEach(() => {
  loop.stop();
  vi.useRealTimers();
});

async function finishRound(): Promise<void> {
  finish();
  await vi.advanceTimersByTimeAsync(0);
}

test("a round that is hurried comes at once, and the next one at its own time", async () => {
  await finishRound();
  await vi.advanceTimersByTimeAsync(100);
  expect(rounds).toBe(1);
  loop.hurry();
  await vi.advanceTimersByTimeAsync(0);
  expect(rounds).toBe(2);
  await finishRound();
  await vi.advanceTimersByTimeAsync(everyMs - 1);
  expect(rounds).toBe(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(rounds).toBe(3);
});

test("hurried while a round runs, another follows right after: what was read before is not taken for new", async () => {
  loop.hurry();
  await vi.advanceTimersByTimeAsync(everyMs);
  expect(rounds).toBe(1);
  await finishRound();
  await vi.advanceTimersByTimeAsync(10);
  expect(rounds).toBe(2);
});

test("nothing comes after it was stopped", async () => {
  await finishRound();
  loop.stop();
  loop.hurry();
  await vi.advanceTimersByTimeAsync(2 * everyMs);
  expect(rounds).toBe(1);
});
