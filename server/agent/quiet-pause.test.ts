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

/** a pause begins with a turn of the loop */
const pastTheFirstTurn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test("measuring stands still while a change is under way, and goes on when it and those behind it are done", async () => {
  const queue = createTurnQueue();
  const pause = createQuietPause(queue);
  const order: string[] = [];
  await pause();
  const first = turnUntil();
  const second = turnUntil();
  const changes = [queue.run("urgent", first.turn), queue.run("urgent", second.turn)];
  const paused = pause().then(() => order.push("measured"));
  await pastTheFirstTurn();
  first.end();
  await changes[0];
  order.push("first");
  second.end();
  await changes[1];
  order.push("second");
  await paused;
  expect(order).toEqual(["first", "second", "measured"]);
});

test.each([
  { waitMs: 100, pauseMs: undefined },
  { waitMs: 10, pauseMs: 10 },
])("a change that does not end holds measuring up for $waitMs ms only", async ({ waitMs, pauseMs }) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const queue = createTurnQueue();
  const endless = turnUntil();
  void queue.run("structural", endless.turn);
  const paused = createQuietPause(queue, pauseMs)();
  await pastTheFirstTurn();
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(waitMs);
  await expect(paused).resolves.toBeUndefined();
  expect(queue.isBusy()).toBe(true);
});
