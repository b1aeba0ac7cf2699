/**
 * The pause between two pieces of measuring: other work goes first, and a change under way is waited for. Not for ever: where changes
 * never end, or one takes long (an import), measuring goes on between them.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { TurnQueue } from "./turn-queue.ts";

const usualMaxMs = 100;

export function createQuietPause(
  queue: Pick<TurnQueue, "isBusy" | "idle">,
  standStillMaxMs = usualMaxMs,
): () => Promise<void> {
  return async () => {
    await nextTurn();
    if (queue.isBusy()) await idleWithin(queue, standStillMaxMs);
  };
}

function idleWithin(queue: Pick<TurnQueue, "idle">, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, waitMs);
    void queue.idle().then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
