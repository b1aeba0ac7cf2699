import { afterEach, expect, test, vi } from "vitest";
import { createQuietPause } from "./quiet-pause.ts";
import { createTurnQueue } from "./turn-queue.ts";

afterEach(() => {
  vi.useRealTimers();
});

function turnUntil() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { turn: () => ended, end: () => end() };
}

test("measuring stands still while a change is under way, and goes on when it and those behind it are done", async () => {
  const queue = createTurnQueue();
  const pause = createQuietPause(queue);
  const order: string[] = [];
  await pause();
  const first = turnUntil();
  const second = turnUntil();
  const changes = [queue.run("urgent", first.turn), queue.run("urgent", second.turn)];
  const paused = pause().then(() => order.push("measured"));
  // the pause is past its first turn of the loop by then
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  first.end();
  await changes[0];
  order.push("first");
  second.end();
  await changes[1];
  order.push("second");
  await paused;
  expect(order).toEqual(["first", "second", "measured"]);
});

test("a change that does not end holds measuring up for a moment only", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const queue = createTurnQueue();
  const endless = turnUntil();
  void queue.run("structural", endless.turn);
  const paused = createQuietPause(queue)();
  await vi.waitUntil(() => vi.getTimerCount() > 0, { timeout: 20_000 });
  await vi.advanceTimersByTimeAsync(100);
  await expect(paused).resolves.toBeUndefined();
  expect(queue.isBusy()).toBe(true);
});
