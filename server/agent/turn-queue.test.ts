import { expect, test } from "vitest";
import { createTurnQueue } from "./turn-queue.ts";

test("one turn at a time, urgent before structural before the agent's own, each in the order it came", async () => {
  const queue = createTurnQueue();
  const order: string[] = [];
  let running = 0;
  const turn = (name: string) => async () => {
    running += 1;
    expect(running).toBe(1);
    await Promise.resolve();
    order.push(name);
    running -= 1;
  };
  await Promise.all([
    queue.run("own", turn("first")),
    queue.run("own", turn("own")),
    queue.run("structural", turn("structural 1")),
    queue.run("structural", turn("structural 2")),
    queue.run("urgent", turn("urgent")),
  ]);
  expect(order).toEqual(["first", "urgent", "structural 1", "structural 2", "own"]);
  expect(queue.isBusy()).toBe(false);
});

test("a turn that fails fails alone", async () => {
  const queue = createTurnQueue();
  const failed = queue.run("own", () => Promise.reject(new Error("no")));
  const next = queue.run("own", () => Promise.resolve(1));
  await expect(failed).rejects.toThrow("no");
  expect(await next).toBe(1);
});
