/** So many tasks at once and no more: the others wait for their turn. What fails makes room like what is done. */
export type Lane = (task: () => Promise<void>) => void;

export function createLane(width: number, onError: (error: unknown) => void): Lane {
  const waiting: (() => Promise<void>)[] = [];
  let running = 0;

  async function work(): Promise<void> {
    running += 1;
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await task().catch(onError);
    running -= 1;
  }

  return (task) => {
    waiting.push(task);
    if (running < width) void work();
  };
}
