/** One turn at a time; operator's urgent messages before structural ones, both before the agent's own work. */
export type TurnQueue = {
  run<T>(priority: TurnPriority, turn: () => Promise<T>): Promise<T>;
  isBusy(): boolean;
  length(): number;
};

export type TurnPriority = "urgent" | "structural" | "own";

const order: readonly TurnPriority[] = ["urgent", "structural", "own"];

export function createTurnQueue(): TurnQueue {
  const waiting: Record<TurnPriority, (() => Promise<void>)[]> = { urgent: [], structural: [], own: [] };
  let isRunning = false;

  async function work(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    for (let next = take(); next !== undefined; next = take()) await next();
    isRunning = false;
  }

  function take(): (() => Promise<void>) | undefined {
    for (const priority of order) {
      const turn = waiting[priority].shift();
      if (turn !== undefined) return turn;
    }
    return undefined;
  }

  return {
    run(priority, turn) {
      return new Promise((resolve, reject) => {
        waiting[priority].push(() => turn().then(resolve, reject));
        void work();
      });
    },
    isBusy: () => isRunning,
    length: () => order.reduce((sum, priority) => sum + waiting[priority].length, 0),
  };
}
