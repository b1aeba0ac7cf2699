/** One turn at a time; operator's urgent messages before structural ones, both before the agent's own work. */
export type TurnQueue = {
  run<T>(priority: TurnPriority, turn: () => Promise<T>): Promise<T>;
  isBusy(): boolean;
  /** resolves when no turn runs or waits */
  idle(): Promise<void>;
  length(): number;
};

export type TurnPriority = "urgent" | "structural" | "own";

const order: readonly TurnPriority[] = ["urgent", "structural", "own"];

export function createTurnQueue(): TurnQueue {
  const waiting: Record<TurnPriority, (() => Promise<void>)[]> = { urgent: [], structural: [], own: [] };
  let isRunning = false;
  let onIdle: (() => void)[] = [];

  async function work(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    for (let next = take(); next !== undefined; next = take()) await next();
    isRunning = false;
    const waitingForIdle = onIdle;
    onIdle = [];
    for (const resolve of waitingForIdle) resolve();
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
    idle: () => (isRunning ? new Promise((resolve) => onIdle.push(resolve)) : Promise.resolve()),
    length: () => order.reduce((sum, priority) => sum + waiting[priority].length, 0),
  };
}
